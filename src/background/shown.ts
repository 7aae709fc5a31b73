import type {
  AccountGlance,
  Glance,
  ProgressView,
  RecalledView,
  RowView,
  SentView,
  SpanView,
  TimeView,
} from '../contract/views.ts';
import {
  appOf,
  isGroup,
  partnerOf,
  userOf,
  type ConversationId,
  type Entry,
  type MessageId,
} from '../message/message.ts';
import { placeholderOf } from '../message/placeholder.ts';
import { compareSent } from '../message/sent-order.ts';
import { judge, type RecallOutcome, type Verdict } from '../message/recall.ts';
import { readOwner } from '../platform/accounts.ts';
import { readManners } from '../platform/settings.ts';
import { readSites } from '../platform/sites.ts';
import { isRecallable } from '../ui/sent.ts';
import { readContents } from './contents.ts';
import type { Keeper } from './keeper.ts';
import type { Keepers } from './keepers.ts';
import type { Memory } from './memory.ts';
import { readOrders, type Order } from './orders.ts';
import { readKept } from './reedit.ts';
import { numberTwins } from './twins.ts';

/** Rows of each list in the popup, shared by the accounts there are: no one crowds out another. */
const mostShown = 20;
const fewestShown = 5;
/** Messages of an account that are counted at most: more than anybody sends while they can be recalled. */
const mostCounted = 500;
/** How far back the popup's lists go, seconds. */
const shownFor = 86_400;
/** Characters of a message in the popup's list. */
const excerptLength = 140;

/** Everything the popup shows, as it is now. */
export async function glanceOf(keepers: Keepers): Promise<Glance> {
  const shown = await shownOf(keepers);
  const share = Math.max(fewestShown, Math.floor(mostShown / Math.max(1, shown.length)));
  // Also over accounts: the same words may have gone to two of them.
  const twins = numberTwins(
    shown.flatMap(({ lists }) => lists.entries),
    await readContents(),
  );
  const { trouble } = keepers.memory;
  return {
    ...(shown.length === 0 && { idle: await idleness() }),
    accounts: shown.map(({ account, lists }) => {
      const unlisted = unlistedOf(account, [...lists.sent.slice(share), ...lists.beyond]);
      return {
        ...account,
        ...(lists.powers.length > 0 && { powers: [...lists.powers] }),
        ...(unlisted.length > 0 && { unlisted }),
      };
    }),
    sent: newestFirst(
      shown.map(({ account, lists }) => [
        account,
        lists.sent.slice(0, share).map((sent, at) => {
          const entry = lists.entries[at];
          const number = entry && twins.get(entry);
          return { ...sent, ...(number !== undefined && { twins: number }) };
        }),
      ]),
    ),
    recalled: newestFirst(
      shown.map(({ account, lists }) => [account, lists.recalled.slice(0, share)]),
    ),
    ...(trouble && { trouble: `history-${trouble}` as const }),
  };
}

/** What I sent, newest first, as a glance has it, and what can be recalled beyond; see `Lists`. */
export async function allSentOf(keepers: Keepers): Promise<Pick<Glance, 'accounts' | 'sent'>> {
  const shown = await shownOf(keepers);
  const all = shown.map(
    ({ account, lists }) => [account, [...lists.sent, ...lists.beyond]] as const,
  );
  return { accounts: shown.map(({ account }) => account), sent: newestFirst(all) };
}

async function shownOf(keepers: Keepers): Promise<readonly Shown[]> {
  const all = await Promise.all(
    keepers.all.map(async (keeper) => ({
      account: await accountGlanceOf(keepers, keeper),
      // The memory notes why history cannot be read.
      lists: await listsOf(keepers.memory, keeper).catch(() => noLists),
    })),
  );
  return withoutDoubles(all.filter(isWorthShowing));
}

/** Until when each of what the list leaves out can be recalled; see `AccountGlance`. */
function unlistedOf({ time }: AccountGlance, others: readonly SentView[]): number[] {
  const now = time?.serverNow ?? 0;
  const open = others.filter((sent) => isRecallable(sent, sent.progress, false));
  return open.map(({ until = 0 }) => until).filter((until) => until > now);
}

interface Shown {
  readonly account: AccountGlance;
  readonly lists: Lists;
}

type Named = Pick<SentView, 'account' | 'conversation' | 'id' | 'time'>;

interface Lists extends Pick<Glance, 'sent' | 'recalled'> {
  /** What `sent` shows, one by one. */
  readonly entries: readonly Entry[];
  /** What `sent` has no room for, as long as it can be recalled; not always with its words. */
  readonly beyond: readonly SentView[];
  readonly powers: Powers;
}

const noLists: Lists = { sent: [], recalled: [], entries: [], beyond: [], powers: [] };

/** An account that no page is signed in as any more, and of which there is nothing to tell, rests. */
function isWorthShowing({ account, lists }: Shown): boolean {
  return account.state.name !== 'page-closed' || lists.sent.length + lists.recalled.length > 0;
}

/**
 * One user can be there twice: a page signed in, and Unsay's own sign-in was thrown out by that. What both
 * know is shown where it can be recalled.
 */
function withoutDoubles(all: readonly Shown[]): readonly Shown[] {
  const nameOf = ({ account, conversation, id, time }: Named): string =>
    JSON.stringify([appOf(account), userOf(account), conversation, id, time]);
  const served = new Set(
    all.flatMap(({ account: { state }, lists }) =>
      state.name === 'connected'
        ? [...lists.sent, ...lists.beyond, ...lists.recalled].map(nameOf)
        : [],
    ),
  );
  return all.map(({ account, lists }) => {
    if (account.state.name === 'connected' || appOf(account.id) === 0) return { account, lists };
    const isAlone = (one: Named): boolean => !served.has(nameOf(one));
    return {
      account,
      lists: {
        powers: lists.powers,
        sent: lists.sent.filter(isAlone),
        entries: lists.entries.filter(isAlone),
        beyond: lists.beyond.filter(isAlone),
        recalled: lists.recalled.filter(isAlone),
      },
    };
  });
}

async function accountGlanceOf(keepers: Keepers, keeper: Keeper): Promise<AccountGlance> {
  const state = await keepers.stateOf(keeper);
  return {
    id: keeper.account,
    state: state.name === 'refused' ? { name: state.name, code: state.code } : { name: state.name },
    ...(keeper.knowsTime && { time: timeOf(keeper) }),
  };
}

/** A reading of the account's server time, for somebody who counts on from it. */
export function timeOf(keeper: Keeper): TimeView {
  return { serverNow: keeper.now(), clock: Date.now() };
}

/**
 * Several accounts' lists in one, the youngest first: by how long ago it was at each one's service,
 * as their clocks need not agree, and a page could set its own ahead to stand above the others.
 */
function newestFirst<T extends { readonly time: number }>(
  lists: readonly (readonly [AccountGlance, readonly T[]])[],
): T[] {
  return lists
    .flatMap(([{ time }, views]) =>
      views.map((view) => {
        const now = time?.serverNow ?? Date.now();
        return { view, age: Math.max(0, now - view.time * 1000) };
      }),
    )
    .sort((one, other) => one.age - other.age)
    .map(({ view }) => view);
}

async function listsOf(memory: Memory, keeper: Keeper): Promise<Lists> {
  const { account } = keeper;
  const since = Math.floor(keeper.now() / 1000) - shownFor;
  const [{ nameOf, sentOf, powers }, mine, tombstones] = await Promise.all([
    viewerOf(memory, keeper),
    memory.use((history) => history.mine(account, since, mostShown)),
    memory.use((history) => history.recalled(account, since, mostShown)),
  ]);
  const me = userOf(account);

  const entries = [...mine, ...tombstones.filter(({ author }) => author === me)]
    .sort((one, other) => compareSent(other, one) ?? 0)
    .slice(0, mostShown);
  const listed = new Set(entries.map(({ id }) => id));
  const beyond = (await allOpenOf(memory, keeper, mine)).filter(({ id }) => !listed.has(id));
  const recalled = tombstones.flatMap((entry): RecalledView[] => {
    const isMyOwnDoing = entry.author === me && (entry.recall?.by ?? me) === me;
    if (!entry.recall || isMyOwnDoing) return [];
    return [
      {
        id: entry.id,
        account,
        conversation: entry.conversation,
        conversationName: nameOf(entry.conversation),
        time: entry.time,
        placeholder: placeholderOf({ ...entry, recall: entry.recall }, account),
        ...(entry.recall.reason && { reason: entry.recall.reason }),
      },
    ];
  });
  return { sent: entries.map(sentOf), recalled, entries, beyond: beyond.map(sentOf), powers };
}

/**
 * All my messages that the service is expected to recall, where the newest of a day, `mine`, may not
 * be all of them: reads no more than what was sent within the window.
 */
async function allOpenOf(
  memory: Memory,
  keeper: Keeper,
  mine: readonly Entry[],
): Promise<readonly Entry[]> {
  const { direct, group } = await keeper.windows();
  const longest = Math.max(direct.expected, group.expected) / 1000;
  const since = Math.floor(keeper.now() / 1000 - Math.min(longest, shownFor));
  const oldest = mine.at(-1);
  if (mine.length < mostShown || !oldest || oldest.time < since) return mine;
  return memory.use((history) => history.mineUnopened(keeper.account, since, mostCounted));
}

/** The groups of which I am the owner or an admin. */
type Powers = readonly NonNullable<AccountGlance['powers']>[number][];

/** Shows what own pages show of an account's messages. */
export interface Viewer {
  /** The name of a conversation, or of whom or what it is with. */
  readonly nameOf: (id: ConversationId) => string;
  readonly sentOf: (entry: Entry) => SentView;
  readonly powers: Powers;
}

/** Makes a viewer by how things are now. */
export async function viewerOf(memory: Memory, keeper: Keeper): Promise<Viewer> {
  const { account } = keeper;
  const [conversations, orders, windows, kept, manners] = await Promise.all([
    memory.use((history) => history.conversations(account)),
    readOrders(),
    keeper.windows(),
    readKept(keeper.now()),
    readManners(),
  ]);
  const names = new Map(conversations.map(({ id, name }) => [id, name]));
  const nameOf = (id: ConversationId): string => {
    const name = names.get(id) ?? '';
    return name === '' ? partnerOf(id) : name;
  };
  const powers = conversations.flatMap(({ id, role }) =>
    role === 'owner' || role === 'admin' ? { name: nameOf(id), role } : [],
  );
  const standing = { me: account, now: keeper.now(), windows };
  const sentOf = (entry: Entry): SentView => {
    const progress = progressOf(orders, keeper, entry.id);
    const isDying = entry.recall !== undefined || memory.isDying(entry);
    const words =
      entry.recall && kept.find((one) => one.account === account && one.id === entry.id);
    const letters = isDying || manners.isDiscreet ? [] : Array.from(entry.body?.text ?? '');
    return {
      id: entry.id,
      account,
      conversation: entry.conversation,
      conversationName: nameOf(entry.conversation),
      kind: entry.kind,
      excerpt: letters.slice(0, excerptLength).join(''),
      time: entry.time,
      ...spanOf(judge(entry, standing)),
      ...(progress && { progress }),
      ...(entry.recall && {
        placeholder: placeholderOf({ ...entry, recall: entry.recall }, account),
      }),
      ...(words && { reeditUntil: words.until }),
    };
  };
  return { nameOf, sentOf, powers };
}

/** What a chat page may know of the messages it shows: no words, only what may be done and said. */
export async function rowsOf(
  memory: Memory,
  keeper: Keeper,
  ids: readonly MessageId[],
): Promise<RowView[]> {
  const { account } = keeper;
  const [entries, orders, windows, kept] = await Promise.all([
    memory.use((history) => history.findAll(account, ids)),
    readOrders(),
    keeper.windows(),
    readKept(keeper.now()),
  ]);
  const quoting = entries.filter(({ quote }) => quote !== undefined);
  const blanked =
    quoting.length === 0
      ? new Set<MessageId>()
      : await memory.use((history) => history.quotingRecalled(account, quoting));
  const groups = [...new Set(entries.map(({ conversation }) => conversation).filter(isGroup))];
  const roles = new Map(
    await Promise.all(groups.map(async (group) => [group, await keeper.roleIn(group)] as const)),
  );
  return entries.map((entry): RowView => {
    const verdict = judge(entry, {
      me: account,
      role: roles.get(entry.conversation),
      now: keeper.now(),
      windows,
    });
    const progress = progressOf(orders, keeper, entry.id);
    const words =
      entry.recall && kept.find((one) => one.account === account && one.id === entry.id);
    return {
      id: entry.id,
      conversation: entry.conversation,
      isMine: entry.author === userOf(account),
      author: entry.authorName || entry.author,
      ...spanOf(verdict),
      ...(!verdict.may && verdict.why === 'too-late' && { isTooLate: true as const }),
      ...(progress && { progress }),
      ...(entry.recall && {
        placeholder: placeholderOf({ ...entry, recall: entry.recall }, account),
      }),
      ...(entry.recall?.reason && { reason: entry.recall.reason }),
      // What only history told of may have been recalled long before it was read.
      ...(entry.recall && entry.recall.witness !== 'history' && { recalledAt: entry.recall.at }),
      ...(words && { reeditUntil: words.until }),
      ...(blanked.has(entry.id) && { isQuoteRecalled: true }),
    };
  });
}

/** Why there is no account to show. */
async function idleness(): Promise<NonNullable<Glance['idle']>> {
  const [owner, sites] = await Promise.all([readOwner(), readSites()]);
  if (owner !== undefined) return 'signed-out';
  return sites.length > 0 ? 'no-page' : 'unused';
}

/** How long a message may be recalled, as it is told. */
export function spanOf(verdict: Verdict): SpanView {
  if (!verdict.may) return {};
  const { until, isAtLeast, closes } = verdict;
  return {
    until,
    ...(isAtLeast && { isAtLeast }),
    ...(closes > until && { askUntil: closes }),
  };
}

/**
 * Where the recall of a message stands, as far as an order still says. What was sent and got no answer
 * waits for a connection as well, but until nobody knows when: it may have been done.
 */
export function progressOf(
  orders: readonly Order[],
  { account, isConnected }: Pick<Keeper, 'account' | 'isConnected'>,
  id: MessageId,
): ProgressView | undefined {
  const order = orders.find((other) => other.account === account && other.id === id);
  if (!order) return;
  const { outcome, isSent, isUnanswered, until, verifiedAt } = order;
  if (outcome) return endOf(outcome, verifiedAt);
  if (!isSent) return { state: 'waiting', until };
  if (!isConnected) return { state: 'waiting' };
  return { state: 'asking', until, ...(isUnanswered && { why: 'unanswered' }) };
}

/** A recall's end as it is told. */
export function endOf(outcome: RecallOutcome, verifiedAt?: number): ProgressView {
  if (outcome.ok)
    return { state: 'accepted', ...(verifiedAt !== undefined && { isVerified: true }) };
  const { why, code, lateBy } = outcome;
  return {
    state: 'refused',
    why,
    ...(code !== undefined && { code }),
    ...(lateBy !== undefined && { lateBy }),
  };
}
