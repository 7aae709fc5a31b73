import { LinkError, type LinkEvent, type LinkState, timedOut } from './link.ts';
import { kickedOut, notSignedIn, signatureExpired } from './tencent/codes.ts';

/** Where a link stands, and who hears of it. */
export class Announcer {
  readonly #listeners = new Set<(event: LinkEvent) => void>();
  #state: LinkState = { name: 'signed-out' };

  get state(): LinkState {
    return this.#state;
  }

  /**
   * The code that says why the link has stopped and stays so until it is opened; undefined while it
   * is connected or tries to be.
   */
  get stoppedCode(): number | undefined {
    switch (this.#state.name) {
      case 'signed-out':
        return notSignedIn;
      case 'signed-in-elsewhere':
        return kickedOut;
      case 'signature-expired':
        return signatureExpired;
      case 'refused':
        return this.#state.code;
      case 'connecting':
      case 'connected':
      case 'reconnecting':
      case 'page-closed':
        return undefined;
    }
  }

  /** Takes a new state and tells it, if it is one. */
  become(state: LinkState): void {
    if (this.#state.name === state.name && state.name !== 'refused') return;
    this.#state = state;
    this.tell({ kind: 'state', state });
  }

  tell(event: LinkEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        // A listener's mistake is its own: the others and the SDK go on, the runtime hears of it.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** See `ChatLink.hear`. */
  hear(listener: (event: LinkEvent) => void): () => void {
    // Wrapped, so that the same function may listen twice and leave once.
    const own = (event: LinkEvent): void => {
      listener(event);
    };
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** See `ChatLink.ready`. */
  ready(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const code = this.stoppedCode;
        if (code === undefined && this.#state.name !== 'connected') return;
        clearTimeout(timer);
        hush();
        if (code === undefined) resolve();
        else reject(new LinkError(code));
      };
      const hush = this.hear((event) => {
        if (event.kind === 'state') look();
      });
      const timer = setTimeout(() => {
        hush();
        reject(new LinkError(timedOut));
      }, ms);
      look();
    });
  }
}
