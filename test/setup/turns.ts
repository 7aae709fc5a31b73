/** What one of several says; it is read as one piece. */
export interface Voice {
  say(words: string | Uint8Array): void;
  /** Nothing more will be said. */
  end(): void;
}

interface Speaker {
  unsaid: (string | Uint8Array)[];
  hasEnded: boolean;
}

/**
 * Lets several that run at once be read one after the other: the first that began speaks as it goes,
 * what the others say meanwhile is kept until it is their turn.
 */
export class Turns {
  readonly #write: (words: string | Uint8Array) => void;
  readonly #speakers: Speaker[] = [];

  constructor(write: (words: string | Uint8Array) => void) {
    this.#write = write;
  }

  /** Takes the next place in the row. */
  begin(): Voice {
    const speaker: Speaker = { unsaid: [], hasEnded: false };
    this.#speakers.push(speaker);
    return {
      say: (words) => {
        speaker.unsaid.push(words);
        this.#goOn();
      },
      end: () => {
        speaker.hasEnded = true;
        this.#goOn();
      },
    };
  }

  /** Says all that was kept, in the order of the row: there will be no more turns. */
  sayAll(): void {
    for (const speaker of this.#speakers) this.#utter(speaker);
  }

  #goOn(): void {
    for (;;) {
      const [first] = this.#speakers;
      if (!first) return;
      this.#utter(first);
      if (!first.hasEnded) return;
      this.#speakers.shift();
    }
  }

  #utter(speaker: Speaker): void {
    for (const words of speaker.unsaid.splice(0)) this.#write(words);
  }
}
