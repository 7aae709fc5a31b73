/** A profile key: an AES-GCM key with usages encrypt and decrypt, or its 16 or 32 raw bytes. */
export type ProfileKey = CryptoKey | Uint8Array<ArrayBuffer>;

/** Seals texts, each under a fresh key of its own which the profile key wraps. */
export interface Vault {
  /** What only the same profile key opens, and only with the same label. */
  seal(text: string, label: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The text, or undefined when it was sealed otherwise or is damaged; never rejects. */
  open(sealed: Uint8Array<ArrayBuffer>, label: string): Promise<string | undefined>;
}

const nonceBytes = 12;
const keyBytes = 32;
const tagBytes = 16;
const wrappedEnd = nonceBytes + keyBytes + tagBytes;

/** A text's key seals that one text and nothing else, so its nonce may be fixed. */
const onlyNonce = new Uint8Array(nonceBytes);

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

function importKey(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** Random bytes not handed out yet: one call per text costs as much as sealing it (Chromium 156). */
let pool = new Uint8Array(0);

function takeRandom(count: number): Uint8Array<ArrayBuffer> {
  if (pool.length < count) pool = crypto.getRandomValues(new Uint8Array(4096));
  const taken = pool.slice(0, count);
  pool = pool.subarray(count);
  return taken;
}

/**
 * Makes a vault. A sealed text is: 12 bytes nonce, 48 bytes wrapped key, then the text under that
 * key (all AES-GCM). Whoever destroys it destroys the key and the text together.
 */
export async function makeVault(key: ProfileKey): Promise<Vault> {
  const profile = key instanceof Uint8Array ? await importKey(key) : key;
  return {
    async seal(text, label) {
      const bytes = takeRandom(keyBytes);
      const iv = takeRandom(nonceBytes);
      const wrapping = { name: 'AES-GCM', iv, additionalData: encoder.encode(label) };
      const [wrapped, words] = await Promise.all([
        crypto.subtle.encrypt(wrapping, profile, bytes),
        importKey(bytes).then((own) =>
          crypto.subtle.encrypt({ name: 'AES-GCM', iv: onlyNonce }, own, encoder.encode(text)),
        ),
      ]);
      const sealed = new Uint8Array(wrappedEnd + words.byteLength);
      sealed.set(iv);
      sealed.set(new Uint8Array(wrapped), nonceBytes);
      sealed.set(new Uint8Array(words), wrappedEnd);
      return sealed;
    },

    async open(sealed, label) {
      try {
        const iv = sealed.subarray(0, nonceBytes);
        const wrapping = { name: 'AES-GCM', iv, additionalData: encoder.encode(label) };
        const wrapped = sealed.subarray(nonceBytes, wrappedEnd);
        const bytes = new Uint8Array(await crypto.subtle.decrypt(wrapping, profile, wrapped));
        const words = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv: onlyNonce },
          await importKey(bytes),
          sealed.subarray(wrappedEnd),
        );
        return decoder.decode(words);
      } catch {
        return undefined;
      }
    },
  };
}

/** Binds a sealed text to its place, so that it opens nowhere else. */
export function labelOf(account: string, id: string, part: string): string {
  return JSON.stringify([account, id, part]);
}
