import type { ProgressView, SentView } from '../contract/views.ts';
import { userOf, type ConversationId, type Entry, type MessageId } from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import type { Told } from '../ui/key-words.ts';
import type { Keeper } from './keeper.ts';
import type { Memory } from './memory.ts';
import { readOrders, type Order } from './orders.ts';
import { viewerOf } from './shown.ts';

/** A recall that ended without success. */
export interface FailedRecall {
  readonly sent: Told;
  readonly outcome: RecallOutcome & { readonly ok: false };
}

/**
 * Those of these messages of mine whose recall ended without success, also of those that never came, and
 * of those that history does not have, or cannot tell of: orders outlive it.
 */
export async function failedAmong(
  { all, memory }: { readonly all: readonly Keeper[]; readonly memory: Memory },
  ids: readonly MessageId[],
): Promise<readonly FailedRecall[]> {
  const orders = await readOrders();
  const found = all.map(async (keeper) => {
    const { account } = keeper;
    const known = await knownOf(memory, keeper, ids).catch(() => undefined);
    return ids.flatMap((id): FailedRecall[] => {
      const entry = known?.entries.find((one) => one.id === id);
      const order = orders.find((one) => one.account === account && one.id === id);
      if ((entry ?? order ?? { author: userOf(account) }).author !== userOf(account)) return [];
      const sent = entry && known?.sentOf(entry);
      const given = keeper.givenUp(id);
      const seen = sent ? failureIn(sent.progress) : failureOf(order);
      const outcome = seen ?? given?.outcome;
      const conversation = (given ?? order)?.conversation;
      if (!outcome) return [];
      if (sent) return [{ sent, outcome }];
      if (conversation === undefined) return [];
      // Without a name it is told by its id.
      const conversationName = known?.nameOf(conversation) ?? '';
      return [{ sent: { account, conversation, conversationName }, outcome }];
    });
  });
  return (await Promise.all(found)).flat();
}

interface Known {
  readonly entries: readonly Entry[];
  readonly nameOf: (id: ConversationId) => string;
  readonly sentOf: (entry: Entry) => SentView;
}

async function knownOf(memory: Memory, keeper: Keeper, ids: readonly MessageId[]): Promise<Known> {
  const { account } = keeper;
  const entries = await memory.use((history) => history.findAll(account, ids));
  const { nameOf, sentOf } = await viewerOf(memory, keeper);
  return { entries, nameOf, sentOf };
}

function failureOf(order: Order | undefined): FailedRecall['outcome'] | undefined {
  const outcome = order?.outcome;
  return outcome && !outcome.ok ? outcome : undefined;
}

/** The failure a message's progress tells of; undefined where it tells of none. */
function failureIn(progress: ProgressView | undefined): FailedRecall['outcome'] | undefined {
  if (progress?.state !== 'refused') return undefined;
  const { why, code, lateBy } = progress;
  return {
    ok: false,
    why: why ?? 'unknown',
    ...(code !== undefined && { code }),
    ...(lateBy !== undefined && { lateBy }),
  };
}
