/** One command that arrived. Never holds what was said. */
export interface RequestRecord {
  servcmd: string;
  seq: number;
  /** Empty before login. */
  userId: string;
  /** 0 before login. */
  instanceNumber: number;
  /** Machine milliseconds. */
  at: number;
  /** The same request was answered before and got the same answer again, without being repeated. */
  isReplay: boolean;
  /** The ErrorCode answered; null while there is no answer, and for ever when it was withheld. */
  code: number | null;
}

const MAX_RECORDS = 20_000;

/** What happened at the server, for tests: the commands that arrived, and a way to await events. */
export class Journal {
  readonly requests: Readonly<RequestRecord>[] = [];
  private readonly waiting = new Set<() => void>();

  add(record: RequestRecord): void {
    this.requests.push(record);
    if (this.requests.length > MAX_RECORDS) this.requests.splice(0, MAX_RECORDS / 2);
  }

  /** To be called after anything happened that somebody may wait for. */
  notify(): void {
    for (const check of [...this.waiting]) check();
  }

  /**
   * Resolves with the first truthy value of `condition`, which is asked now and after every event
   * at the server; rejects with `what` after `timeoutMs`.
   */
  async waitFor<T>(
    condition: () => T,
    { timeoutMs = 30_000, what = 'the awaited event' } = {},
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        this.waiting.delete(check);
      };
      const check = () => {
        try {
          const value = condition();
          if (!value) return;
          finish();
          resolve(value);
        } catch (error) {
          finish();
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const timer = setTimeout(() => {
        finish();
        reject(new Error(`Waited ${timeoutMs} ms in vain for ${what}`));
      }, timeoutMs);
      this.waiting.add(check);
      check();
    });
  }
}
