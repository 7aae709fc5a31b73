import * as v from 'valibot';
import type { Asker } from '../contract/asker.ts';
import type { Handlers } from '../contract/channel.ts';
import type { Asked } from '../contract/contract.ts';
import type { Teller } from '../contract/news.ts';
import type { BarMessageView, BarView } from '../contract/views.ts';
import type { Conversation } from '../history/history.ts';
import { rules, type Rule } from '../message/guard/rules.ts';
import type { Manners } from '../message/manners.ts';
import {
  MessageId,
  originOf,
  partnerOf,
  userOf,
  type AccountId,
  type ConversationId,
  type Entry,
} from '../message/message.ts';
import { judge } from '../message/recall.ts';
import { compareSent } from '../message/sent-order.ts';
import { mayHaveWords } from '../platform/own-sites.ts';
import { injectScript } from '../platform/page-scripts.ts';
import { changeManners, readManners } from '../platform/settings.ts';
import { readShortcuts } from '../platform/shortcuts.ts';
import { stored, storedList } from '../platform/stored.ts';
import type { Keeper } from './keeper.ts';
import type { Keepers } from './keepers.ts';
import type { Memory } from './memory.ts';
import { mentionsIn } from './mentions.ts';
import { readOrders, type Order } from './orders.ts';
import type { PageAsker } from './page-keepers.ts';
import { dropWords, readKept, type Kept } from './reedit.ts';
import { progressOf } from './shown.ts';
import { warner } from './warnings.ts';

/** How long after it was sent a message is in the bar at most, s; the window of an app may be days. */
const shownFor = 300;
/** How long the end of a recall stands in the bar, ms. */
const toldFor = 20_000;
/** Messages in a bar. */
const mostShown = 10;
/** Characters of a message in a bar. */
const excerptLength = 60;
/** Messages of which a dismissal or a warning is remembered. */
const mostNoted = 100;

const dismissed = storedList('session', 'bar-dismissed', MessageId);
const Warnings = v.record(v.string(), v.array(v.picklist(rules)));
const warned = stored('session', 'bar-warnings', Warnings, {});

/** What one account is asked about by one page. */
interface BarQuestion {
  readonly memory: Memory;
  readonly keeper: Keeper;
  readonly asked: Asked<'bar'>;
  readonly asker: PageAsker;
  /** Whether the page's session is known, and who serves it. */
  readonly isTold: boolean;
  readonly served: Keeper | undefined;
  readonly manners: Manners;
}

/** What the bar's answers take. */
export interface BarParts {
  readonly keepers: Keepers;
  readonly teller: Teller;
}

type BarHandlers = Pick<
  Handlers,
  | 'bar'
  | 'recallMine'
  | 'dismissBar'
  | 'warnOf'
  | 'summon'
  | 'reedit'
  | 'mentions'
  | 'reeditDone'
  | 'manners'
  | 'setManners'
>;

const notFound = { ok: false, why: 'not-found' } as const;

/** Answers to what the undo bar asks, in whichever page it stands. */
export function barAnswers({ keepers, teller }: BarParts): BarHandlers {
  const { memory } = keepers;
  /** The words of a message that I recalled, where this asker may have them. */
  const wordsFor = async (
    { account, id }: Asked<'reedit'>,
    asker: Asker,
  ): Promise<Kept | undefined> => {
    await keepers.wake();
    const keeper = keepers.of(account);
    if (!keeper) return undefined;
    // A page of another account gives no such reference: it was never told it.
    if (asker.kind !== 'own' && !(await mayHaveWords(account, asker.origin))) return undefined;
    const words = (await readKept(keeper.now())).find(
      (one) => one.account === account && one.id === id,
    );
    if (!words) return undefined;
    const entry = await memory.use((history) => history.find({ account, id }));
    return entry && isMyRecall(entry) ? words : undefined;
  };
  return {
    async bar(asked, asker) {
      const view: BarView = { messages: [] };
      if (asker.kind !== 'page') return view;
      await keepers.wake();
      const manners = await readManners();
      if (!manners.hasBar || !(await keepers.pages.holdsBar(asker))) return view;
      const isTold = (await keepers.pages.claimOf(asker)) !== undefined;
      const served = isTold ? await keepers.servedTo(asker, asked.session) : undefined;
      for (const keeper of keepers.all) {
        await addMessages(view, { memory, keeper, asked, asker, isTold, served, manners });
      }
      view.messages = shortened(view.messages);
      const { 'recall-last': shortcut } = await readShortcuts();
      if (shortcut !== '') view.shortcut = shortcut;
      return view;
    },
    async recallMine({ id, account: named }) {
      if (named !== undefined) {
        await keepers.rouse(named);
        // Whether there is such an account is nothing a page is told.
        return keepers.of(named) ? keepers.recall(named, id, { isMine: true }) : notFound;
      }
      await keepers.wake();
      const found: Entry[] = [];
      for (const { account } of keepers.all) {
        const entry = await memory.use((history) => history.find({ account, id }));
        if (entry?.author === userOf(account)) found.push(entry);
      }
      // One of these that cannot ask would refuse what another can do.
      const isAtWork = ({ account }: Entry): boolean => keepers.of(account)?.isAtWork === true;
      const first = found.find(isAtWork) ?? found[0];
      // Two accounts of one user know one message. What only has the same id is another one, and
      // nobody said which is meant.
      const isOne = found.every(
        ({ author, conversation, time }) =>
          author === first?.author && conversation === first.conversation && time === first.time,
      );
      return first && isOne ? keepers.recall(first.account, id) : notFound;
    },
    async dismissBar(ids) {
      await dismissed.change((all) => [...new Set([...all, ...ids])].slice(-mostNoted));
      teller.tell({ kind: 'rows', ids });
      return undefined;
    },
    async warnOf({ id, rules: broken }) {
      await warned.change((all) => {
        const notes: (readonly [string, Rule[]])[] = [...Object.entries(all), [id, broken]];
        return Object.fromEntries(notes.slice(-mostNoted));
      });
      teller.tell({ kind: 'rows', ids: [id] });
      return undefined;
    },
    async summon(script, asker) {
      if (asker.kind === 'page') await injectScript(asker, script);
      return undefined;
    },
    async reedit(ref, asker) {
      return (await wordsFor(ref, asker))?.text;
    },
    async mentions(ref, asker) {
      const words = await wordsFor(ref, asker);
      return words && mentionsIn(memory, words);
    },
    async reeditDone({ account, id }) {
      await dropWords({ account, id });
      teller.tell({ kind: 'rows', ids: [id] });
      return undefined;
    },
    manners: readManners,
    async setManners(change) {
      await changeManners(change);
      teller.tell({ kind: 'account' });
      return undefined;
    },
  };
}

/** Has the bar show a message again that was dismissed: something came of it that is told there. */
export async function bringBack(id: MessageId): Promise<void> {
  await dismissed.change((all) => all.filter((other) => other !== id));
}

/** Adds what one account has for the bar of this page. */
async function addMessages(view: BarView, question: BarQuestion): Promise<void> {
  const { memory, keeper, asked, manners } = question;
  const { account } = keeper;
  if (!keeper.knowsTime) return;
  const now = keeper.now();
  const since = Math.floor(now / 1000) - shownFor;
  const [[mine, tombstones, conversations], orders, windows, kept, ...notes] = await Promise.all([
    memory.use((history) =>
      Promise.all([
        history.mine(account, since, mostShown),
        history.recalled(account, since, mostShown),
        history.conversations(account),
      ]),
    ),
    readOrders(),
    keeper.windows(),
    readKept(now),
    dismissed.read(),
    warned.read(),
  ]);
  const [gone, warnings] = notes;
  const isOwn = await isOwnPage(question);
  // Two services need not agree on the time: everything is told by the clock of the first.
  view.time ??= { serverNow: now, clock: Date.now() };
  const shift = view.time.serverNow - now;
  const warningsOf = warner({ memory, mine, conversations, rulesOff: manners.rulesOff });
  // What came of a recall is told however old its message is.
  const isTold = ({ account: of, endedAt = now }: Order): boolean =>
    of === account && endedAt + toldFor > now;
  const told = [...orders.filter(isTold), ...kept.filter((one) => one.account === account)];
  const older = await memory.use((history) =>
    history.findAll(account, [...new Set(told.map(({ id }) => id))]),
  );
  const byId = new Map([...older, ...mine, ...tombstones].map((entry) => [entry.id, entry]));
  const all = [...byId.values()]
    .filter((entry) => (entry.recall ? isMyRecall(entry) : entry.author === userOf(account)))
    .sort((one, other) => compareSent(other, one) ?? 0);
  for (const entry of all) {
    const { id } = entry;
    if (gone.includes(id)) continue;
    const verdict = judge(entry, { me: account, now, windows });
    const order = orders.find((other) => other.account === account && other.id === id);
    const words = isOwn ? kept.find((one) => one.account === account && one.id === id) : undefined;
    const until = verdict.may ? verdict.until + shift : undefined;
    const showUntil = shownUntil(entry, until, order, words, shift);
    if (showUntil === undefined || showUntil <= view.time.serverNow) continue;
    const progress = progressOf(orders, keeper, id);
    const isDying = memory.isDying(entry);
    const site = siteOf(account);
    // A page may have named its message like something every object has.
    const noted = Object.hasOwn(warnings, id) ? (warnings[id] ?? []) : [];
    view.messages.push({
      id,
      time: entry.time,
      showUntil,
      isRecalled: entry.recall !== undefined,
      // They are drawn from the words, too: to no other page.
      warnings: verdict.may && isOwn ? await warningsOf(entry, noted) : [],
      ...(until !== undefined && { until }),
      ...(progress && {
        progress: {
          ...progress,
          ...(progress.until !== undefined && { until: progress.until + shift }),
        },
      }),
      ...(isOwn && {
        own: {
          account,
          conversation: entry.conversation,
          name: nameOfConversation(conversations, entry.conversation),
          kind: entry.kind,
          excerpt: manners.isDiscreet || isDying ? '' : excerptOf(entry),
          ...(words && entry.recall && { reeditUntil: words.until + shift }),
        },
      }),
      ...(!isOwn && site !== undefined && { site }),
    });
  }
  const { conversation } = asked;
  if (isOwn && conversation !== undefined) {
    view.here ??= { conversation, name: nameOfConversation(conversations, conversation) };
  }
}

function nameOfConversation(all: readonly Conversation[], id: ConversationId): string {
  const name = all.find((one) => one.id === id)?.name ?? '';
  return name === '' ? partnerOf(id) : name;
}

/** Server ms until which a message is in the bar; undefined when it is not. */
function shownUntil(
  entry: Entry,
  until: number | undefined,
  order: Order | undefined,
  words: Kept | undefined,
  shift: number,
): number | undefined {
  if (words && entry.recall) return words.until + shift;
  const offered =
    until === undefined ? undefined : Math.min(until, (entry.time + shownFor) * 1000 + shift);
  if (order?.endedAt !== undefined) {
    const told = order.endedAt + toldFor + shift;
    return offered === undefined || order.outcome?.ok ? told : Math.max(told, offered);
  }
  if (order) return order.until + toldFor + shift;
  return entry.recall ? undefined : offered;
}

function isMyRecall(entry: Entry): boolean {
  const me = userOf(entry.account);
  return entry.author === me && entry.recall?.by === me;
}

function excerptOf({ body }: Entry): string {
  const signs = Array.from(body?.text ?? '');
  const shown = signs.slice(0, excerptLength).join('');
  return signs.length > excerptLength ? `${shown}…` : shown;
}

/**
 * Elsewhere than on the account's own pages only the last message is told, and nothing of it. What
 * two accounts of the same user know is one message.
 */
function shortened(messages: readonly BarMessageView[]): BarMessageView[] {
  const last = messages
    .filter(({ own }) => !own)
    .reduce<BarMessageView | undefined>(
      (newest, one) => (newest && newest.time >= one.time ? newest : one),
      undefined,
    );
  const owned = new Map(messages.flatMap((one) => (one.own ? [[one.id, one] as const] : [])));
  return [...owned.values(), ...(last && !owned.has(last.id) ? [last] : [])]
    .sort((one, other) => other.time - one.time)
    .slice(0, mostShown);
}

function siteOf(account: AccountId): string | undefined {
  const origin = originOf(account);
  return origin !== undefined && URL.canParse(origin) ? new URL(origin).host : undefined;
}

/**
 * Whether a page is this account's own, where its words may be shown: the account that the page's
 * session is served by. Where that session cannot be seen, the page has to name the account of
 * Unsay's own sign-in, or the user where it does not know its app, together with a message of theirs.
 * All of that is the page's own word: first of all its site must be one that may have them.
 */
async function isOwnPage(question: BarQuestion): Promise<boolean> {
  const { memory, keeper, isTold, served, asked, asker } = question;
  const { account } = keeper;
  const { session, user, ids } = asked;
  if (!(await mayHaveWords(account, asker.origin))) return false;
  if (isTold) return served?.account === account;
  if (originOf(account) !== undefined) return false;
  if (session === account) return true;
  if (session !== undefined || (user !== undefined && user !== userOf(account))) return false;
  return (await memory.use((history) => history.findAll(account, ids))).length > 0;
}
