import { i18n } from '#i18n';
import type { PlaceholderKey } from '../message/placeholder.ts';
import type { Refusal } from '../message/recall.ts';
import type { Kind } from '../message/message.ts';
import type { StateView, TroubleView } from '../contract/views.ts';
import { plainText } from './plain.ts';

/**
 * A whole sentence with names in it. The places of the names are marked in `text` by private-use
 * characters (which names never contain), so that each name can be shown as an island of its own
 * direction without gluing the sentence together from parts.
 */
export interface Words {
  readonly text: string;
  readonly names: readonly string[];
}

const marks = ['\uE000', '\uE001'] as const;
const markPattern = /([\uE000\uE001])/u;

/** A sentence without names. */
export function words(text: string): Words {
  return { text, names: [] };
}

function named(text: string, ...names: string[]): Words {
  return { text, names };
}

/** The pieces of a sentence in order; `isName` pieces are foreign text. */
export function piecesOf({ text, names }: Words): { text: string; isName: boolean }[] {
  return text
    .split(markPattern)
    .map((piece) => {
      const at = (marks as readonly string[]).indexOf(piece);
      return at < 0 ? { text: piece, isName: false } : { text: names[at] ?? '', isName: true };
    })
    .filter((piece) => piece.text !== '');
}

/** The sentence as plain text, for places that take nothing else (an attribute, the title). */
export function spoken(sentence: Words): string {
  return piecesOf(sentence)
    .map(({ text }) => text)
    .join('');
}

const placeholders: Readonly<Record<PlaceholderKey, () => string>> = {
  you: () => i18n.t('placeholder.you'),
  youFrom: () => i18n.t('placeholder.youFrom', [...marks]),
  otherParty: () => i18n.t('placeholder.otherParty'),
  someone: () => i18n.t('placeholder.someone', [marks[0]]),
  someoneFrom: () => i18n.t('placeholder.someoneFrom', [...marks]),
  someoneYours: () => i18n.t('placeholder.someoneYours', [marks[0]]),
  unknown: () => i18n.t('placeholder.unknown'),
};

/** The sentence that stands in place of a recalled message. */
export function placeholderWords(view: {
  readonly key: PlaceholderKey;
  readonly who: string;
  readonly whose: string;
}): Words {
  return named(placeholders[view.key](), plainText(view.who, 40), plainText(view.whose, 40));
}

/** What is known of a refused or waiting recall. */
export interface RefusalFacts {
  readonly why: Refusal;
  /** The service's own code. */
  readonly code?: number | undefined;
  /** Whole seconds past the deadline. */
  readonly lateBy?: number | undefined;
  /** The deadline of a waiting recall as people read it. */
  readonly untilTime?: string | undefined;
  /** Whether a waiting recall waits for a chat page, not for the network. */
  readonly isPageMissing?: boolean;
}

/** A name as it stands in the keys of our sentences, which take no dash. */
type KeyOf<Name extends string> = Name extends `${infer Head}-${infer Rest}`
  ? `${Head}_${KeyOf<Rest>}`
  : Name;

/** The last part of the key of a sentence that has the name of what it tells of. */
export function keyOf<Name extends string>(name: Name): KeyOf<Name> {
  return name.replaceAll('-', '_') as KeyOf<Name>;
}

/** By more than this (s) nobody wants to know how late they are. */
const mostCounted = 99;

/** Why a recall failed or waits, and what to do next. */
export function refusalWords({
  why,
  code,
  lateBy = Infinity,
  untilTime,
  isPageMissing,
}: RefusalFacts): string {
  if (why === 'too-late' && lateBy <= mostCounted) return i18n.t('refusal.too_late_by', lateBy);
  if (why === 'unknown' && code !== undefined) return i18n.t('refusal.unknown_code', [code]);
  if (why !== 'waiting') return i18n.t(`refusal.${keyOf(why)}`);
  const key = isPageMissing ? 'refusal.waiting_page' : 'refusal.waiting';
  return untilTime === undefined ? i18n.t(key) : i18n.t(`${key}_until`, [untilTime]);
}

/** What is said of a recall under way; `isUnanswered`: a question of it got no answer. */
export function recallingWords(isUnanswered: boolean): string {
  return isUnanswered ? i18n.t('page.stillRecalling') : i18n.t('page.recalling');
}

/**
 * Why a recall failed, for a log: without what was to be done about it then. All of those sentences
 * say why first, and in sentences of their own what to do.
 */
export function refusalFact(facts: RefusalFacts): string {
  const said = refusalWords(facts);
  return /^.+?(?:。|\.(?= |$))/u.exec(said)?.[0] ?? said;
}

/** Sentences as one paragraph. A full-width stop has the gap after it in itself. */
export function paragraph(sentences: readonly string[]): string {
  return sentences.join(' ').replaceAll('。 ', '。');
}

const finalRefusals: ReadonlySet<Refusal> = new Set<Refusal>([
  'too-late',
  'not-found',
  'already-recalled',
  'not-allowed',
  'kind-cannot',
  'group-cannot',
  'switched-off',
  'group-gone',
  'beyond-sweep',
]);

/** Whether asking again could not change anything. */
export function isFinal(why: Refusal): boolean {
  return finalRefusals.has(why);
}

const states: Readonly<Record<StateView['name'], () => string>> = {
  'signed-out': () => i18n.t('state.signedOut'),
  connecting: () => i18n.t('state.connecting'),
  connected: () => i18n.t('state.connected', [marks[0]]),
  reconnecting: () => i18n.t('state.reconnecting'),
  'page-closed': () => i18n.t('state.pageClosed', [marks[0]]),
  'signed-in-elsewhere': () => i18n.t('state.signedInElsewhere'),
  'signature-expired': () => i18n.t('state.signatureExpired'),
  refused: () => i18n.t('state.refused'),
};

/** Where the connection stands, in a few words. `user` is the UserID. */
export function stateWords(state: StateView, user: string): Words {
  return named(states[state.name](), plainText(user, 60));
}

/** The code the service gave for a refused sign-in, explained; unknown ones with their number. */
export function signInRefusal(code: number | undefined): string {
  switch (code) {
    case undefined:
      return i18n.t('refused.noCode');
    case 2003:
      return i18n.t('refused.c2003');
    case 70001:
      return i18n.t('refused.c70001');
    case 70002:
      return i18n.t('refused.c70002');
    case 70003:
      return i18n.t('refused.c70003');
    case 70005:
      return i18n.t('refused.c70005');
    case 70009:
      return i18n.t('refused.c70009');
    case 70013:
      return i18n.t('refused.c70013');
    case 70014:
      return i18n.t('refused.c70014');
    case 70016:
      return i18n.t('refused.c70016');
    case 70020:
      return i18n.t('refused.c70020');
    case 70050:
      return i18n.t('refused.c70050');
    case 70052:
      return i18n.t('refused.c70052');
    case 70107:
      return i18n.t('refused.c70107');
    default:
      return i18n.t('refused.other', [code]);
  }
}

/** What a connection state means for the user; undefined when there is nothing to explain. */
export function stateHelp(state: StateView): string | undefined {
  switch (state.name) {
    case 'signed-out':
      return i18n.t('stateHelp.signedOut');
    case 'reconnecting':
      return i18n.t('stateHelp.reconnecting');
    case 'page-closed':
      return i18n.t('stateHelp.pageClosed');
    case 'signed-in-elsewhere':
      return i18n.t('stateHelp.signedInElsewhere');
    case 'signature-expired':
      return i18n.t('stateHelp.signatureExpired');
    case 'refused':
      return signInRefusal(state.code);
    case 'connecting':
    case 'connected':
      return undefined;
  }
}

/** What is wrong with the message store, and what to do. */
export function troubleWords(trouble: TroubleView): string {
  return i18n.t(`trouble.${keyOf(trouble)}`);
}

/** Names what a message is made of. */
export function kindWords(kind: Kind): string {
  return i18n.t(`kind.${kind}`);
}

/** "On for <host>" and its like: a sentence with one foreign name in it. */
export function wordsAbout(say: (slot: string) => string, name: string): Words {
  return named(say(marks[0]), plainText(name, 300));
}
