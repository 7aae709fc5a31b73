/**
 * What makes a message look as if it went to the wrong place; each has a sentence of its own and
 * can be turned off. All of them are judged on this computer.
 */
export const rules = [
  /** The conversation was switched to less than two seconds before. */
  'switched',
  /** Its text was begun while another conversation was open. */
  'begun-elsewhere',
  /** It speaks to somebody by a name that is not of this conversation. */
  'name',
  /** It holds what looks like a password, a code, a key or a card number. */
  'secret',
  /** The same text just went to another conversation. */
  'twin',
] as const;
export type Rule = (typeof rules)[number];
