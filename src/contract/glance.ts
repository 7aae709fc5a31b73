import * as v from 'valibot';
import { stored } from '../platform/stored.ts';
import { originOf, type AccountId } from '../message/message.ts';
import { glanceKey, takeEarly } from './early-glance.ts';
import { Glance, type AccountGlance, type KeyView, type SentView, type TimeView } from './views.ts';

const kept = stored('session', glanceKey, v.optional(Glance), undefined);

/** Unsay's own sign-in in a glance, if there is one. */
export function ownOf(glance: Glance): AccountGlance | undefined {
  return glance.accounts.find(({ id }) => originOf(id) === undefined);
}

/** The server time of an account, where its service told it. */
export function timeIn(
  glance: Pick<Glance, 'accounts'> | undefined,
  account: AccountId,
): TimeView | undefined {
  return glance?.accounts.find(({ id }) => id === account)?.time;
}

/**
 * A glance with what the key did, where there is something to tell. Of a message that is in it only: what
 * was deleted meanwhile is not to be named any more.
 */
export function withKey(glance: Glance, key: KeyView | undefined): Glance {
  const of = key?.sent;
  const isListed =
    !of || glance.sent.some(({ account, id }) => account === of.account && id === of.id);
  return key && isListed ? { ...glance, key } : glance;
}

/**
 * The glance the worker published last, without waking it; undefined when there is none (the
 * browser just started). It is in memory only, and is written anew before anybody hears of a
 * recall.
 */
export function readGlance(): Promise<Glance | undefined> {
  return kept.read(takeEarly());
}

/**
 * Keeps a glance for popups to come. The worker's alone to call. `isDying` is asked at the moment
 * of writing: what is being recalled by then is written without its words.
 */
export async function publishGlance(
  glance: Glance,
  isDying: (sent: SentView) => boolean = () => false,
): Promise<void> {
  await kept.change(() => withoutWords(glance, isDying));
}

/**
 * Takes the words of these messages, and of all my messages in these conversations, out of the
 * kept glance, before their recall becomes part of history: whatever dies in between, no popup
 * shows them again. One that cannot be written without them goes as a whole: that needs no room.
 */
export async function scrubGlance(dying: {
  readonly ids: readonly string[];
  readonly conversations: readonly string[];
}): Promise<void> {
  const isDying = ({ id, conversation }: SentView): boolean =>
    dying.ids.includes(id) || dying.conversations.includes(conversation);
  await kept.change((glance) => glance && withoutWords(glance, isDying)).catch(() => kept.clear());
}

function withoutWords(glance: Glance, isDying: (sent: SentView) => boolean): Glance {
  const sent = glance.sent.map((one) => (isDying(one) ? { ...one, excerpt: '' } : one));
  return { ...glance, sent };
}
