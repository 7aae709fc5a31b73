/** A UserSig: base64 of what zlib packed, which begins with these two letters. */
const signature = /eJ[\w*+/=-]{30,}/gu;

/** The text with every signature in it blotted out. */
export function withoutCredentials(text: string): string {
  return text.replace(signature, '(a signature)');
}
