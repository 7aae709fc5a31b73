import type { Label, Labelled, Sealed } from './sealed.ts';

/** Characters of texts that are remembered. */
const mostRemembered = 2_000_000;

/** The first bytes of a sealing, by which it is known: no two ever made share them. */
const stampBytes = 16;

interface Text {
  readonly account: string;
  readonly sealed: Sealed;
  readonly text: string;
}

function isSame(one: Sealed, other: Sealed): boolean {
  for (let i = 0; i < stampBytes; i++) if (one[i] !== other[i]) return false;
  return true;
}

/**
 * Texts that were opened or sealed lately, by their message's id; of two accounts that have one
 * message, the later. They lie in two halves: a full young half becomes the old
 * one, and what was in that is let go at once. Letting go of them one by one took as long as storing
 * a quarter of a message did (a map looks through every hole that was left in it).
 */
export class Remembered {
  #young = new Map<string, Text>();
  #old = new Map<string, Text>();
  /** Characters of the young half, those that were forgotten included. */
  #size = 0;
  #forgettings = 0;

  /** Counts what was forgotten: what was being opened meanwhile must not be remembered. */
  get forgettings(): number {
    return this.#forgettings;
  }

  has(label: Label): boolean {
    return (this.#young.get(label.id) ?? this.#old.get(label.id))?.account === label.account;
  }

  /** The text of this very sealing, if it is remembered. */
  textOf({ it, account, id }: Labelled<Sealed>): string | undefined {
    const young = this.#young.get(id);
    const known = young ?? this.#old.get(id);
    if (known?.account !== account || !isSame(known.sealed, it)) return;
    // What is used stays.
    if (!young) this.#keep(id, known);
    return known.text;
  }

  add({ account, id, it }: Labelled<Sealed>, text: string): void {
    this.#keep(id, { account, sealed: it, text });
  }

  /** Forgets these texts; without labels, all of them. */
  forget(labels?: readonly Label[]): void {
    this.#forgettings += 1;
    if (labels) {
      for (const { id } of labels) {
        this.#young.delete(id);
        this.#old.delete(id);
      }
    } else {
      this.#young.clear();
      this.#old.clear();
      this.#size = 0;
    }
  }

  #keep(id: string, text: Text): void {
    this.#old.delete(id);
    this.#young.set(id, text);
    this.#size += text.text.length;
    if (this.#size <= mostRemembered / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#size = 0;
  }
}
