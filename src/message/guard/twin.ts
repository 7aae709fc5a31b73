/** Texts that went to two conversations within this long (s) of each other look like a slip. */
const together = 60;
/** Shorter texts (characters; Chinese ones weigh double) are sent to everybody all the time. */
const shortest = 12;

/** What is known of a text of mine. */
export interface Sent {
  readonly conversation: string;
  /** Server seconds. */
  readonly time: number;
  readonly text: string;
}

/** Whether the same text just went to another conversation. */
export function hasTwin(sent: Sent, others: readonly Sent[]): boolean {
  const text = fold(sent.text);
  if (weigh(text) < shortest) return false;
  return others.some(
    (other) =>
      other.conversation !== sent.conversation &&
      other.time <= sent.time &&
      sent.time - other.time <= together &&
      fold(other.text) === text,
  );
}

function fold(text: string): string {
  return text.normalize('NFKC').replace(/\s+/gu, ' ').trim().toLocaleLowerCase();
}

function weigh(text: string): number {
  return Array.from(text).reduce(
    (sum, letter) => sum + (/\p{Script=Han}/u.test(letter) ? 2 : 1),
    0,
  );
}
