import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Order } from '../../../src/background/orders.ts';
import type { Sweep } from '../../../src/background/sweep-book.ts';
import type { MessageId } from '../../../src/message/message.ts';
import type { RecallOutcome } from '../../../src/message/recall.ts';
import { readLog } from '../../../src/background/recall-log.ts';
import { alice, withBob } from '../history/fixtures.ts';
import {
  beginWorld,
  endWorld,
  keepSignedIn,
  ordersStored,
  pass,
  settle,
  wake,
  worldOf,
  type Life,
} from './life.ts';
import { Service } from './service.ts';

/** What the service makes of a question. */
type Mood = 'answers' | 'loses the question' | 'loses the answer' | 'asks to slow down' | 'refuses';

type Act =
  | { readonly do: 'recall'; readonly id: MessageId }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'sweep'; readonly ids: readonly MessageId[] }
  | { readonly do: 'lose' | 'connect' | 'kick' | 'tend' | 'stop' | 'again' };

interface LifePlot {
  /** The step it dies at; 0: at its end. */
  readonly diesAt: number;
  readonly isOnline: boolean;
  readonly canRead: boolean;
  readonly acts: readonly Act[];
}

interface Plot {
  readonly lives: readonly LifePlot[];
  /** Of one question after the other; the last one's for all that follow. */
  readonly moods: readonly Mood[];
}

const ids = ['m0', 'm1', 'm2'];
const act = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...ids).map((id): Act => ({ do: 'recall', id })) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(0, 600, 5_000, 40_000).map((ms): Act => ({ do: 'pass', ms })),
  },
  {
    weight: 2,
    arbitrary: fc
      .uniqueArray(fc.constantFrom(...ids), { minLength: 1 })
      .map((some): Act => ({ do: 'sweep', ids: some })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('lose', 'connect', 'kick', 'tend', 'stop', 'again' as const)
      .map((it) => ({ do: it })),
  },
);
const plot: fc.Arbitrary<Plot> = fc.record({
  lives: fc.array(
    fc.record({
      diesAt: fc.integer({ min: 0, max: 120 }),
      isOnline: fc.boolean(),
      canRead: fc.boolean(),
      acts: fc.array(act, { minLength: 1, maxLength: 6 }),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  moods: fc.array(
    fc.constantFrom<Mood>(
      'answers',
      'loses the question',
      'loses the answer',
      'asks to slow down',
      'refuses',
    ),
    { maxLength: 6 },
  ),
});

/** A service with moods, that may be unreadable. */
class MoodyService extends Service {
  canRead = true;
  readonly #moods: Mood[];
  /** Questions that came without an open order that says so. */
  readonly unannounced: MessageId[] = [];

  constructor(moods: readonly Mood[]) {
    super();
    this.#moods = [...moods];
    const { recall, since } = this;
    this.recall = async (target): Promise<RecallOutcome> => {
      const order = (await ordersStored()).find(({ id }) => id === target.id);
      if (order?.isSent !== true || order.outcome) this.unannounced.push(target.id);
      switch (this.#moods.shift() ?? 'answers') {
        case 'answers':
          return recall(target);
        case 'loses the question':
          return { ok: false, why: 'waiting', code: 2801 };
        case 'loses the answer':
          await recall(target);
          return { ok: false, why: 'waiting', code: 2801 };
        case 'asks to slow down':
          return { ok: false, why: 'too-many', code: 2996 };
        case 'refuses':
          return this.done.includes(target.id)
            ? { ok: false, why: 'already-recalled', code: 20023 }
            : { ok: false, why: 'switched-off', code: 10041 };
      }
    };
    this.since = (...asked) =>
      this.canRead ? since(...asked) : Promise.reject(new Error('no answer'));
  }
}

/** Notes what becomes of each order as it is stored, and every step that may not be. */
function watchOrders(): { placed: Set<MessageId>; wrongs: string[] } {
  const placed = new Set<MessageId>();
  const wrongs: string[] = [];
  const last = new Map<MessageId, Order>();
  fakeBrowser.storage.local.onChanged.addListener((changes) => {
    const orders = changes.orders?.newValue as readonly Order[] | undefined;
    if (!orders) return;
    const now = new Map(orders.map((order) => [order.id, order]));
    if (now.size !== orders.length) wrongs.push('two orders for one message');
    for (const [id, before] of last) {
      const after = now.get(id);
      if (!after) wrongs.push(`${id} was lost`);
      else if (before.outcome?.ok && !after.outcome?.ok)
        wrongs.push(`${id} was accepted, then not`);
      else if (before.outcome && after.outcome && before.outcome.ok !== after.outcome.ok) {
        wrongs.push(`${id} ended twice`);
      } else if (!before.outcome && before.isSent && !after.isSent) wrongs.push(`${id} was unsent`);
    }
    for (const [id, order] of now) {
      placed.add(id);
      last.set(id, order);
    }
  });
  return { placed, wrongs };
}

/** Lets a piece of work come to its end, which it does not when the worker dies. */
async function within(life: Life, work: Promise<unknown>): Promise<void> {
  void work.catch(() => undefined);
  await settle();
  if (!life.isDead) await pass(100, 50);
}

async function sweepsStored(): Promise<readonly Sweep[]> {
  const { sweeps = [] } = await fakeBrowser.storage.session.get('sweeps');
  return sweeps as readonly Sweep[];
}

async function live(life: Life, acts: readonly Act[], told: Map<MessageId, RecallOutcome[]>) {
  for (const it of acts) {
    if (life.isDead) return;
    switch (it.do) {
      case 'recall':
        void life.keepers.recall(alice, it.id).then((outcome) => {
          told.set(it.id, [...(told.get(it.id) ?? []), outcome]);
        });
        await settle();
        break;
      case 'pass':
        await pass(it.ms, 2_000);
        break;
      case 'lose':
        if (life.link.state.name === 'connected') life.link.become({ name: 'reconnecting' });
        break;
      case 'connect':
        if (['connecting', 'reconnecting'].includes(life.link.state.name)) {
          life.link.become({ name: 'connected' });
        }
        break;
      case 'kick':
        if (life.link.state.name === 'connected') life.link.become({ name: 'signed-in-elsewhere' });
        break;
      case 'sweep': {
        const refs = it.ids.map((id) => ({ account: alice, conversation: withBob, id }));
        await within(life, life.sweeps.start({ sweep: crypto.randomUUID(), refs }));
        break;
      }
      case 'again':
        // Whoever asked for it got no answer, as far as they know.
        for (const { id: sweep, refs } of await sweepsStored()) {
          if (refs.length > 0) await within(life, life.sweeps.start({ sweep, refs }));
        }
        break;
      case 'stop':
        for (const { id } of await sweepsStored()) await within(life, life.sweeps.stop(id));
        break;
      case 'tend':
        void life.keepers.tend();
    }
    await settle();
  }
}

async function play({ lives, moods }: Plot): Promise<void> {
  const service = new MoodyService(moods);
  const world = worldOf(service);
  await keepSignedIn();
  for (const id of ids) service.send(id);
  (await wake(world)).die();
  const { placed, wrongs } = watchOrders();
  const told = new Map<MessageId, RecallOutcome[]>();
  for (const { diesAt, isOnline, canRead, acts } of lives) {
    service.opens = isOnline ? { name: 'connected' } : undefined;
    service.canRead = canRead;
    let steps = 0;
    const life = await wake(world, () => (steps += 1) === diesAt);
    await live(life, acts, told);
    life.die();
  }
  // The last worker has everything it needs.
  service.opens = { name: 'connected' };
  service.canRead = true;
  const last = await wake(world);
  await last.keepers.reconnect();
  await pass(180_000, 5_000);

  expect(wrongs).toEqual([]);
  expect(service.unannounced).toEqual([]);
  expect(service.done).toEqual([...new Set(service.done)]);
  const orders = await ordersStored();
  expect(orders.map(({ id }) => id).sort()).toEqual([...placed].sort());
  for (const { id, outcome, isUntold } of orders) {
    const entry = await last.keepers.memory.use((history) => history.find({ account: alice, id }));
    const isDone = service.done.includes(id);
    expect({ id, isEnded: outcome !== undefined, ok: outcome?.ok }).toEqual({
      id,
      isEnded: true,
      ok: isDone,
    });
    expect({ id, isRecalled: entry?.recall !== undefined }).toEqual({ id, isRecalled: isDone });
    expect(isUntold).toBe(false);
    // Nobody was told that it is done who may not rely on it.
    if (!isDone) expect(told.get(id)?.filter(({ ok }) => ok) ?? []).toEqual([]);
  }
  expect(service.done.filter((id) => !placed.has(id))).toEqual([]);
  // Every end is written down, once, and as it was.
  const log = (await readLog()).map(({ id, askedAt, outcome }) => ({ id, askedAt, outcome }));
  for (const { id, askedAt, outcome } of orders) {
    expect(log.filter((one) => one.id === id && one.askedAt === askedAt)).toEqual([
      { id, askedAt, outcome },
    ]);
  }
  // Every message of a sweep has a final state.
  for (const { id } of await sweepsStored()) {
    expect(await last.sweeps.state(id)).toMatchObject({ isOver: true });
  }
}

describe('recalls asked of workers that die anywhere', () => {
  it('are neither lost nor doubled, and end in one state each', { timeout: 60_000 }, async () => {
    await fc.assert(fc.asyncProperty(plot, play), {
      numRuns: 60,
      plugins: [fc.beforeEach(beginWorld), fc.afterEach(endWorld)],
    });
  });
});
