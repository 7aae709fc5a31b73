import { Remembered } from './remembered.ts';
import type { Label, Labelled, Sealed } from './sealed.ts';

/** A profile key: 32 random bytes. */
export type ProfileKey = Uint8Array<ArrayBuffer>;

/**
 * Seals texts with AES-GCM, each under a fresh key of its own, which the profile key masks. What
 * was opened or sealed lately is remembered in memory.
 */
export interface Vault {
  /** What only the same profile key opens, and only with the same labels. */
  seal(texts: readonly Labelled<string>[]): Promise<readonly Sealed[]>;
  /**
   * The texts, undefined where one was sealed otherwise or is damaged; never rejects. With
   * `isPassing`, they are not remembered.
   */
  open(
    sealed: readonly Labelled<Sealed>[],
    options?: { readonly isPassing?: boolean },
  ): Promise<readonly (string | undefined)[]>;
  /** Whether some text of this label is remembered. */
  remembers(label: Label): boolean;
  /** Remembers a text as it was stored. */
  remember(sealed: Labelled<Sealed>, text: string): void;
  /** Forgets texts that were destroyed; without labels, all of them. */
  forget(labels?: readonly Label[]): void;
}

const lifeBytes = 12;
const keyBytes = 32;
const stampEnd = lifeBytes + 4;
const maskedEnd = stampEnd + keyBytes;
const tagBytes = 16;
/** Blocks of the mask, 16 bytes each, that one key takes. */
const blocksPerKey = 2;
const mostKeys = 2 ** 31;

/** Masks of keys closer together than this are made in one go: a call costs as much as 8 kB. */
const nearby = 256;

/** A text's key seals that one text and nothing else, so its nonce may be fixed. */
const onlyNonce = new Uint8Array(12);

const empty = new Uint8Array();

const encoder = new TextEncoder();
// A mark of byte order is a character of the text like any other.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A label as a text, the same for no other one. `body`: the words of quotes were sealed as well once,
 * and what was sealed then is still to open.
 */
function textOf({ account, id }: Label): string {
  return JSON.stringify([account, id, 'body']);
}

/** Where texts become bytes: WebCrypto copies what it is given at once, so one place serves all. */
const scratch = new Uint8Array(16_384);

/** Texts as bytes, good until the next call. */
function bytesOf(...texts: readonly string[]): Uint8Array<ArrayBuffer>[] {
  // A UTF-16 unit takes three bytes at most.
  const most = texts.reduce((sum, { length }) => sum + 3 * length, 0);
  const into = most <= scratch.length ? scratch : new Uint8Array(most);
  let at = 0;
  return texts.map((text) => {
    const from = at;
    at += encoder.encodeInto(text, into.subarray(from)).written;
    return into.subarray(from, at);
  });
}

/** Writes `bytes`, masked, to `into`. */
function mask(bytes: Uint8Array, by: Uint8Array, into: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) into[i] = (bytes[i] ?? 0) ^ (by[i] ?? 0);
}

function isOneLife(one: Sealed, other: Sealed): boolean {
  for (let i = 0; i < lifeBytes; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** The text that these bytes are, if they are one. */
function textIn(bytes: ArrayBuffer): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

interface Slot {
  readonly one: Labelled<Sealed>;
  /** Its place among those that are opened together. */
  readonly at: number;
  /** The key's number in its life. */
  readonly number: number;
}

/** Splits what was sealed in one life into stretches of neighbours. */
function stretchesOf(slots: readonly Slot[]): Slot[][] {
  const stretches: Slot[][] = [];
  for (const slot of slots.toSorted((one, other) => one.number - other.number)) {
    const current = stretches.at(-1);
    const last = current?.at(-1);
    if (current && last && slot.number - last.number <= nearby) current.push(slot);
    else stretches.push([slot]);
  }
  return stretches;
}

/**
 * Makes a vault. A sealed text is: 12 random bytes of the vault that sealed it (its life), 4 bytes
 * number of the text in that life, the text's own random 32-byte key masked with the profile key's
 * AES-CTR stream at that very place, then the text by AES-GCM under its own key, with its label.
 *
 * No place of the stream is used twice, and the keys are random: whoever destroys a sealed text
 * destroys its key, and nothing that is left tells it, not even with the profile key at hand. A key
 * masked falsely opens nothing, so the mask needs no seal of its own; many keys are masked by one
 * call, which halves the time of opening (Chromium 156: 11 µs a text against 22).
 */
export async function makeVault(profileKey: ProfileKey): Promise<Vault> {
  const profile = await crypto.subtle.importKey('raw', profileKey, 'AES-CTR', false, ['encrypt']);
  let life = crypto.getRandomValues(new Uint8Array(lifeBytes));
  let used = 0;

  /** The masks of `count` keys of a life, from number `from` on. */
  async function masksOf(of: Uint8Array, from: number, count: number): Promise<Uint8Array> {
    const counter = new Uint8Array(16);
    counter.set(of);
    new DataView(counter.buffer).setUint32(lifeBytes, from * blocksPerKey);
    const stream = { name: 'AES-CTR', counter, length: 32 };
    const zeros = new Uint8Array(count * keyBytes);
    return new Uint8Array(await crypto.subtle.encrypt(stream, profile, zeros));
  }

  // Both are chained: a text that is waited for step by step takes half as long again (measured in
  // Chromium 156 and Firefox 153).
  function lock(key: Sealed, text: Labelled<string>): Promise<ArrayBuffer> {
    return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']).then((own) => {
      const [additionalData = empty, words = empty] = bytesOf(textOf(text), text.it);
      return crypto.subtle.encrypt({ name: 'AES-GCM', iv: onlyNonce, additionalData }, own, words);
    });
  }

  /** The opened words, still as bytes. */
  function unlock(key: Sealed, sealed: Labelled<Sealed>): Promise<ArrayBuffer | undefined> {
    return crypto.subtle
      .importKey('raw', key, 'AES-GCM', false, ['decrypt'])
      .then((own) => {
        const [additionalData = empty] = bytesOf(textOf(sealed));
        const sealing = { name: 'AES-GCM', iv: onlyNonce, additionalData };
        return crypto.subtle.decrypt(sealing, own, sealed.it.subarray(maskedEnd));
      })
      .catch(() => undefined);
  }

  const remembered = new Remembered();

  return {
    async seal(texts) {
      if (texts.length === 0) return [];
      if (used + texts.length > mostKeys) {
        life = crypto.getRandomValues(new Uint8Array(lifeBytes));
        used = 0;
      }
      const [from, mine] = [used, life];
      used += texts.length;
      const masks = await masksOf(mine, from, texts.length);
      const random = randomBytes(texts.length * keyBytes);
      const keyOf = (i: number): Sealed => random.subarray(i * keyBytes, (i + 1) * keyBytes);
      const locked = await Promise.all(texts.map((text, i) => lock(keyOf(i), text)));
      return locked.map((words, i) => {
        const sealed = new Uint8Array(maskedEnd + words.byteLength);
        sealed.set(mine);
        new DataView(sealed.buffer).setUint32(lifeBytes, from + i);
        mask(keyOf(i), masks.subarray(i * keyBytes), sealed.subarray(stampEnd, maskedEnd));
        sealed.set(new Uint8Array(words), maskedEnd);
        return sealed;
      });
    },

    async open(sealed, { isPassing = false } = {}) {
      const texts = new Array<string | undefined>(sealed.length).fill(undefined);
      const before = remembered.forgettings;
      const lives = new Map<string, Slot[]>();
      let life: { readonly of: Sealed; readonly slots: Slot[] } | undefined;
      for (const [at, one] of sealed.entries()) {
        const { it } = one;
        if (it.length < maskedEnd + tagBytes) continue;
        const known = remembered.textOf(one);
        if (known !== undefined) {
          texts[at] = known;
          continue;
        }
        const number = new DataView(it.buffer, it.byteOffset).getUint32(lifeBytes);
        if (number >= mostKeys) continue;
        // Most are of the life of the one before.
        if (!life || !isOneLife(life.of, it)) {
          const name = String.fromCharCode(...it.subarray(0, lifeBytes));
          const slots = lives.get(name) ?? [];
          lives.set(name, slots);
          life = { of: it, slots };
        }
        life.slots.push({ one, at, number });
      }
      const openStretch = async (stretch: readonly Slot[]): Promise<void> => {
        const [first, last] = [stretch[0], stretch.at(-1)];
        if (!first || !last) return;
        const count = last.number - first.number + 1;
        const masks = await masksOf(first.one.it.subarray(0, lifeBytes), first.number, count);
        const words = await Promise.all(
          stretch.map(({ one, number }) => {
            const key = new Uint8Array(keyBytes);
            const masked = one.it.subarray(stampEnd, maskedEnd);
            mask(masked, masks.subarray((number - first.number) * keyBytes), key);
            return unlock(key, one);
          }),
        );
        for (const [i, { one, at }] of stretch.entries()) {
          const bytes = words[i];
          const text = bytes && textIn(bytes);
          texts[at] = text;
          if (text === undefined || isPassing) continue;
          if (remembered.forgettings === before) remembered.add(one, text);
        }
      };
      await Promise.all([...lives.values()].flatMap(stretchesOf).map(openStretch));
      return texts;
    },

    remembers: (label) => remembered.has(label),
    remember: (sealed, text) => {
      remembered.add(sealed, text);
    },
    forget: (labels) => {
      remembered.forget(labels);
    },
  };
}

/** The browser gives at most 64 kB at once. */
function randomBytes(count: number): Sealed {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  return bytes;
}
