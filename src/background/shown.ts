import type {
  Glance,
  ProgressView,
  RecalledView,
  RowView,
  SentView,
  SpanView,
} from '../contract/views.ts';
import {
  isGroup,
  partnerOf,
  userOf,
  type AccountId,
  type ConversationId,
  type MessageId,
} from '../message/message.ts';
import { placeholderOf } from '../message/placeholder.ts';
import { judge, type Verdict } from '../message/recall.ts';
import { readWindows } from '../platform/settings.ts';
import type { Keeper } from './keeper.ts';
import { readOrders, type Order } from './orders.ts';

/** Rows of each list in the popup. */
const mostShown = 20;
/** How far back the popup's lists go, seconds. */
const shownFor = 86_400;
/** Characters of a message in the popup's list. */
const excerptLength = 140;

/** Everything the popup shows, as it is now. */
export async function glanceOf(keeper: Keeper): Promise<Glance> {
  const state = await keeper.state();
  const account = keeper.account;
  const glance: Glance = {
    state: state.name === 'refused' ? { name: state.name, code: state.code } : { name: state.name },
    sent: [],
    recalled: [],
    ...(keeper.knowsTime && { time: { serverNow: keeper.now(), clock: Date.now() } }),
    ...(keeper.trouble && { trouble: `history-${keeper.trouble}` as const }),
  };
  if (account === undefined) return glance;
  glance.account = account;
  try {
    Object.assign(glance, await listsOf(keeper, account));
  } catch {
    // The memory has noted why history cannot be read.
    if (keeper.trouble) glance.trouble = `history-${keeper.trouble}`;
  }
  return glance;
}

async function listsOf(
  keeper: Keeper,
  account: AccountId,
): Promise<Pick<Glance, 'sent' | 'recalled'>> {
  const since = Math.floor(keeper.now() / 1000) - shownFor;
  const [[mine, tombstones, conversations], orders, windows] = await Promise.all([
    keeper.memory.use((history) =>
      Promise.all([
        history.mine(account, since, mostShown),
        history.recalled(account, since, mostShown),
        history.conversations(account),
      ]),
    ),
    readOrders(),
    readWindows(account, keeper.now()),
  ]);
  const names = new Map(conversations.map(({ id, name }) => [id, name]));
  const nameOf = (id: ConversationId): string => {
    const name = names.get(id) ?? '';
    return name === '' ? partnerOf(id) : name;
  };
  const me = userOf(account);
  const standing = { me: account, now: keeper.now(), windows };

  const sent = [...mine, ...tombstones.filter(({ author }) => author === me)]
    .sort((one, other) => other.time - one.time || other.sequence - one.sequence)
    .slice(0, mostShown)
    .map((entry): SentView => {
      const verdict = judge(entry, standing);
      const progress = progressOf(orders, account, entry.id);
      return {
        id: entry.id,
        account,
        conversation: entry.conversation,
        conversationName: nameOf(entry.conversation),
        kind: entry.kind,
        excerpt:
          entry.recall || keeper.memory.isDying(entry)
            ? ''
            : Array.from(entry.body?.text ?? '')
                .slice(0, excerptLength)
                .join(''),
        time: entry.time,
        ...spanOf(verdict),
        ...(progress && { progress }),
        ...(entry.recall && {
          placeholder: placeholderOf({ ...entry, recall: entry.recall }, account),
        }),
      };
    });
  const recalled = tombstones.flatMap((entry): RecalledView[] => {
    const isMyOwnDoing = entry.author === me && (entry.recall?.by ?? me) === me;
    if (!entry.recall || isMyOwnDoing) return [];
    return [
      {
        id: entry.id,
        conversation: entry.conversation,
        conversationName: nameOf(entry.conversation),
        time: entry.time,
        placeholder: placeholderOf({ ...entry, recall: entry.recall }, account),
        ...(entry.recall.reason && { reason: entry.recall.reason }),
      },
    ];
  });
  return { sent, recalled };
}

/** What a chat page may know of the messages it shows: no words, only what may be done and said. */
export async function rowsOf(
  keeper: Keeper,
  account: AccountId,
  ids: readonly MessageId[],
): Promise<RowView[]> {
  const [entries, orders, windows] = await Promise.all([
    keeper.memory.use((history) => history.findAll(account, ids)),
    readOrders(),
    readWindows(account, keeper.now()),
  ]);
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
    const progress = progressOf(orders, account, entry.id);
    return {
      id: entry.id,
      conversation: entry.conversation,
      isMine: entry.author === userOf(account),
      author: entry.authorName || entry.author,
      ...spanOf(verdict),
      ...(progress && { progress }),
      ...(entry.recall && {
        placeholder: placeholderOf({ ...entry, recall: entry.recall }, account),
      }),
      ...(entry.recall?.reason && { reason: entry.recall.reason }),
    };
  });
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

function progressOf(
  orders: readonly Order[],
  account: AccountId,
  id: MessageId,
): ProgressView | undefined {
  const order = orders.find((other) => other.account === account && other.id === id);
  if (!order) return;
  const { outcome } = order;
  if (!outcome) return { state: order.isSent ? 'asking' : 'waiting', until: order.until };
  if (outcome.ok) return { state: 'accepted' };
  const { why, code, lateBy } = outcome;
  return {
    state: 'refused',
    why,
    ...(code !== undefined && { code }),
    ...(lateBy !== undefined && { lateBy }),
  };
}
