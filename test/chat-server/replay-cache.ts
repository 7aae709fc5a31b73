import type { Answer } from './command.ts';

const MAX_ANSWERS = 2000;

/**
 * Answers given, by who asked and the number of the request. After a reconnect the SDK sends again
 * whatever was not answered, with the same number (seen with SDK 3.6.6); such a request gets its
 * old answer and is not carried out twice.
 */
export class ReplayCache {
  private readonly answers = new Map<string, Answer>();

  /** Null when the client did not name its instance, so that its requests cannot be told apart. */
  static key(
    userId: string,
    instanceKey: string,
    head: { servcmd: string; seq: number },
  ): string | null {
    return instanceKey === '' ? null : `${userId} ${instanceKey} ${head.servcmd} ${head.seq}`;
  }

  find(key: string | null): Answer | undefined {
    return key === null ? undefined : this.answers.get(key);
  }

  keep(key: string | null, answer: Answer): void {
    if (key === null) return;
    this.answers.set(key, answer);
    const [oldest] = this.answers.keys();
    if (this.answers.size > MAX_ANSWERS && oldest !== undefined) this.answers.delete(oldest);
  }
}
