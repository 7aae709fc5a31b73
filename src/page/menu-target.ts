/**
 * What a person opened the browser's own menu on last. To be made before the page's scripts run, so
 * that no listener of theirs can keep an event from this one.
 */
export class MenuTarget<Target> {
  /** Says what lies at a node, in the moment when a menu is opened there. */
  read: (node: Node) => Target | undefined = () => undefined;
  #last: Target | undefined;

  constructor(window: Window, signal: AbortSignal) {
    const how = { capture: true, passive: true, signal };
    window.addEventListener(
      'contextmenu',
      ({ target, isTrusted }) => {
        if (isTrusted) this.#last = target instanceof Node ? this.read(target) : undefined;
      },
      how,
    );
    // A menu that is open gets all of them itself: so it is closed, or not open yet.
    for (const type of ['pointerdown', 'keydown']) {
      window.addEventListener(
        type,
        ({ isTrusted }) => {
          if (isTrusted) this.#last = undefined;
        },
        how,
      );
    }
  }

  /** Hands it out, once: of one menu one entry is chosen. */
  take(): Target | undefined {
    const last = this.#last;
    this.#last = undefined;
    return last;
  }
}
