import { isGroup, userOf, type AccountId, type ConversationId } from './message.ts';

/** Which sentence stands in place of a recalled message; each is a whole sentence in `locales`. */
export const placeholderKeys = [
  'you',
  'youFrom',
  'otherParty',
  'someone',
  'someoneFrom',
  'someoneYours',
  'unknown',
] as const;
export type PlaceholderKey = (typeof placeholderKeys)[number];

export interface Placeholder {
  readonly key: PlaceholderKey;
  /** Who recalled, for the sentences that name them. */
  readonly who: string;
  /** Whose message it was, for the sentences that name them. */
  readonly whose: string;
}

/** What is known of a recalled message. */
export interface Recalled {
  readonly conversation: ConversationId;
  readonly author: string;
  readonly authorName: string;
  readonly recall: { readonly by?: string | undefined; readonly byName?: string | undefined };
}

/** Longest name shown; longer ones are cut, so that no name can push a sentence off the page. */
const longestName = 40;

/**
 * A name made fit for a sentence: control, zero-width and direction characters are taken out (a
 * name must not be able to turn the words around it), white space is folded.
 */
export function plainName(name: string): string {
  const plain = name
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}]/gu, '')
    .trim();
  const letters = Array.from(plain);
  return letters.length > longestName ? `${letters.slice(0, longestName - 1).join('')}…` : plain;
}

/**
 * Who recalled what, as `me` should read it. One to one only the author can recall; in a group
 * the recaller is named when the service named them, and nobody is guessed.
 */
export function placeholderOf(message: Recalled, me: AccountId): Placeholder {
  const mine = userOf(me);
  const isMine = message.author === mine;
  const whose = plainName(message.authorName) || plainName(message.author);
  const by = message.recall.by;
  const who =
    plainName(message.recall.byName ?? '') ||
    (by === message.author ? whose : '') ||
    plainName(by ?? '');
  const say = (key: PlaceholderKey): Placeholder => ({ key, who, whose });

  if (!isGroup(message.conversation)) return say(isMine ? 'you' : 'otherParty');
  if (by === undefined || by === '') return say('unknown');
  if (by === mine) return say(isMine ? 'you' : 'youFrom');
  if (by === message.author) return say('someone');
  return say(isMine ? 'someoneYours' : 'someoneFrom');
}
