import type { Visit } from './visit.ts';

/** Who signs in. */
export type Visitor = Pick<Visit, 'userId' | 'userSig'>;

/** What a page can do about its session. */
export interface Door {
  readonly enter: (visitor: Visitor) => Promise<unknown>;
  readonly leave: () => Promise<unknown>;
}

/**
 * Signs the visitor in, at once or when told, and lets a test sign out and somebody else in, as the
 * buttons of a real page would: by the events `chat:enter` (a `Visitor`) and `chat:leave` on the
 * document. Resolves when the visitor is in, and rejects when that is refused.
 */
export function attend(visit: Visit, { enter, leave }: Door): Promise<unknown> {
  document.addEventListener('chat:leave', () => {
    void leave();
  });
  return new Promise((resolve, reject) => {
    document.addEventListener('chat:enter', (event) => {
      enter((event as CustomEvent<Visitor>).detail).then(resolve, reject);
    });
    if (visit.isLate !== true) enter(visit).then(resolve, reject);
  });
}
