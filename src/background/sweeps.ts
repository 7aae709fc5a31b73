import type { Asked } from '../contract/contract.ts';
import type { ProgressView, SweepItem, SweepView } from '../contract/views.ts';
import {
  userOf,
  type AccountId,
  type Entry,
  type MessageId,
  type MessageRef,
} from '../message/message.ts';
import type { RecallOutcome } from '../message/recall.ts';
import { compareSent } from '../message/sent-order.ts';
import { readPolicy } from '../platform/policy.ts';
import { Turns } from '../platform/turns.ts';
import { readContents } from './contents.ts';
import type { Keeper } from './keeper.ts';
import type { Keepers } from './keepers.ts';
import { readOrders } from './orders.ts';
import { readLog } from './recall-log.ts';
import { endOf, progressOf, viewerOf } from './shown.ts';
import {
  addSweep,
  changeSweep,
  findSweep,
  noteSweepStopped,
  readSweeps,
  type Sweep,
} from './sweep-book.ts';
import { contentOf, numberTwins } from './twins.ts';

/** Messages looked through for one list; more than a person sends in a day. */
const mostFound = 500;
/** How far back copies of a message are looked for, seconds. */
const twinsFor = 86_400;
/** A message that is older than a policy lets a sweep reach. */
const beyond: RecallOutcome = { ok: false, why: 'beyond-sweep' };

/** Recalls of many messages at once: what they would take, how they go, and their stop. */
export class Sweeps {
  readonly #keepers: Keepers;
  /** Ordering waits for each other: who comes second finds what is ordered already. */
  readonly #turns = new Turns();

  constructor(keepers: Keepers) {
    this.#keepers = keepers;
  }

  /** What a sweep would take, the nearest deadline first; of one second, what was sent first. */
  async list(wish: Asked<'sweepList'>): Promise<SweepItem[]> {
    await this.#keepers.wake();
    const found = await this.#find(wish);
    const twins = numberTwins(
      found.map(({ entry }) => entry),
      await readContents(),
    );
    return found
      .sort(
        (one, other) =>
          (one.item.until ?? 0) - (other.item.until ?? 0) ||
          (compareSent(one.entry, other.entry) ?? 0),
      )
      .map(({ entry, item }) => {
        const number = twins.get(entry);
        return { ...item, ...(number !== undefined && { twins: number }) };
      });
  }

  async #find(wish: Asked<'sweepList'>): Promise<Found[]> {
    const { openFor = 0 } = wish;
    const ofRefs = (refs: readonly MessageRef[]): Promise<Found[]> =>
      this.#shown(openFor, accountsOf(refs), ({ account }) => this.#entries(account, refs));
    switch (wish.of) {
      case 'time': {
        const { accounts, seconds } = wish;
        const found = await this.#shown(openFor, accounts, (keeper) =>
          this.#mine(keeper, seconds + openFor),
        );
        return found.filter(isTakeable);
      }
      case 'refs':
        return (await ofRefs(wish.refs)).filter(isTakeable);
      case 'listed':
        return (await ofRefs(wish.refs)).map(explained);
      case 'twins': {
        const { ref, accounts } = wish;
        const [entry] = await this.#entries(ref.account, [ref]);
        const carried = await readContents();
        const content = entry && contentOf(entry, carried);
        if (content === undefined) return [];
        const found = await this.#shown(openFor, accounts, async (keeper) => {
          const mine = await this.#mine(keeper, twinsFor);
          return mine.filter(
            (one) =>
              contentOf(one, carried) === content &&
              (one.account !== ref.account || one.conversation !== ref.conversation),
          );
        });
        return found.filter(isTakeable);
      }
    }
  }

  /** My messages of these accounts, as they are shown in a list that has been open for so long. */
  async #shown(
    openFor: number,
    accounts: readonly AccountId[],
    entriesOf: (keeper: Keeper) => Promise<readonly Entry[]>,
  ): Promise<Found[]> {
    const { memory } = this.#keepers;
    const isWithin = await reachOf(openFor);
    const keepers = [...new Set(accounts)].flatMap((account) => this.#keepers.of(account) ?? []);
    const lists = await Promise.all(
      keepers.map(async (keeper) => {
        const [{ sentOf }, entries] = await Promise.all([
          viewerOf(memory, keeper),
          entriesOf(keeper),
        ]);
        return entries
          .filter(({ author }) => author === userOf(keeper.account))
          .map((entry) => ({ entry, item: sentOf(entry), isWithin: isWithin(keeper, entry) }));
      }),
    );
    return lists.flat();
  }

  #mine(keeper: Keeper, seconds: number): Promise<readonly Entry[]> {
    const { account } = keeper;
    const since = Math.floor(keeper.now() / 1000) - seconds;
    return this.#keepers.memory.use((history) => history.mine(account, since, mostFound));
  }

  #entries(account: AccountId, refs: readonly MessageRef[]): Promise<readonly Entry[]> {
    const ids = refs.filter((ref) => ref.account === account).map(({ id }) => id);
    return this.#keepers.memory.use((history) => history.findAll(account, ids));
  }

  /**
   * Recalls these messages. Resolves as soon as all are ordered; asked again, also of another worker, it
   * orders only what the first time left out.
   */
  async start({ sweep: id, refs: asked, openFor = 0 }: Asked<'sweepStart'>): Promise<void> {
    await this.#keepers.wake();
    const refs = [...new Map(asked.map((ref) => [keyOf(ref), ref])).values()];
    const isRefused = await this.#beyondReach(refs, openFor);
    const sweep: Sweep = {
      id,
      refs,
      since: Object.fromEntries(
        accountsOf(refs).map((account) => [account, this.#keepers.of(account)?.now() ?? 0]),
      ),
      isStopped: false,
      // Noted with it: whoever orders the rest after a death does not order these.
      refused: refs.filter(isRefused).map((ref) => ({ ref, outcome: beyond })),
    };
    await this.#turns.take(async () => {
      if (await addSweep(sweep)) {
        await this.#order(
          sweep,
          refs.filter((ref) => !isRefused(ref)),
        );
      } else await this.#orderRest(id);
    });
  }

  /** Which of these messages a policy lets no sweep take. What is not known has no time to tell that by. */
  async #beyondReach(
    refs: readonly MessageRef[],
    openFor: number,
  ): Promise<(ref: MessageRef) => boolean> {
    const { sweepSeconds } = await readPolicy();
    if (sweepSeconds === undefined) return () => false;
    if (sweepSeconds === 0) return () => true;
    const isWithin = await reachOf(openFor);
    const gone = new Set<string>();
    for (const account of accountsOf(refs)) {
      const keeper = this.#keepers.of(account);
      if (!keeper) continue;
      for (const entry of await this.#entries(account, refs)) {
        if (!isWithin(keeper, entry)) gone.add(keyOf(entry));
      }
    }
    return (ref) => gone.has(keyOf(ref));
  }

  /** Orders what a worker that died in the middle of it left out. */
  async resume(): Promise<void> {
    for (const { id } of await readSweeps()) await this.#turns.take(() => this.#orderRest(id));
  }

  /** How far a sweep has come; undefined for one that is not known. */
  async state(id: string): Promise<SweepView | undefined> {
    await this.#keepers.wake();
    const sweep = await findSweep(id);
    if (!sweep) return;
    const [progress, gone] = await Promise.all([
      this.#progressIn(sweep),
      this.#takenBack(sweep.refs),
    ]);
    const items = sweep.refs.map((ref) => {
      const own = progress(ref);
      const isTaken = own?.state !== 'accepted' && gone.has(keyOf(ref));
      const of = isTaken ? endOf({ ok: false, why: 'already-recalled' }) : own;
      return { account: ref.account, id: ref.id, ...(of && { progress: of }) };
    });
    const isOver = items.every(({ progress: of }) =>
      of ? of.state === 'accepted' || of.state === 'refused' : sweep.isOrdered === true,
    );
    return { isOver, isStopped: sweep.isStopped, items };
  }

  /** Which of these messages somebody else has recalled, as far as history can be read. */
  async #takenBack(refs: readonly MessageRef[]): Promise<ReadonlySet<string>> {
    const entries = await Promise.all(
      accountsOf(refs).map((account) => this.#entries(account, refs).catch(() => [])),
    );
    const taken = entries
      .flat()
      .filter(({ account, recall }) => recall && recall.by !== userOf(account));
    return new Set(taken.map(keyOf));
  }

  /** Sends nothing more of a sweep, also of one whose start is still to come. */
  async stop(id: string): Promise<void> {
    await this.#keepers.wake();
    // Noted first: whoever is about to order more of it looks at this afterwards.
    await noteSweepStopped(id);
    await this.#keepers.stopSweep(id);
    await this.#turns.take(() => this.#orderRest(id));
  }

  /** Where each message of a sweep stands: as it was refused, by its order, else by the log. */
  async #progressIn({
    refused,
    since,
  }: Sweep): Promise<(ref: MessageRef) => ProgressView | undefined> {
    const [orders, log] = await Promise.all([readOrders(), readLog()]);
    // How it ended when it was asked for before says nothing of this time.
    const isOfNow = (one: { account: AccountId; endedAt?: number | undefined }): boolean =>
      (one.endedAt ?? Infinity) >= (since[one.account] ?? 0);
    const current = orders.filter((order) => order.outcome?.ok === true || isOfNow(order));
    const ended = log.filter(isOfNow);
    return (ref) => {
      const its = refused.find((one) => keyOf(one.ref) === keyOf(ref));
      if (its) return endOf(its.outcome);
      const isConnected = this.#keepers.of(ref.account)?.isConnected === true;
      const progress = progressOf(current, { account: ref.account, isConnected }, ref.id);
      if (progress) return progress;
      // An order is forgotten some minutes after its end.
      const logged = ended.findLast((one) => keyOf(one) === keyOf(ref));
      return logged && endOf(logged.outcome, logged.verifiedAt);
    };
  }

  /** Must run in turn. */
  async #orderRest(id: string): Promise<void> {
    const sweep = await findSweep(id);
    if (!sweep) return;
    if (sweep.isOrdered) {
      // The worker that noted it may have died before it stopped anything.
      if (sweep.isStopped) await this.#keepers.stopSweep(id);
      return;
    }
    const progress = await this.#progressIn(sweep);
    const rest = sweep.refs.filter((ref) => !progress(ref));
    if (!sweep.isStopped) await this.#order(sweep, rest);
    else {
      const outcome: RecallOutcome = { ok: false, why: 'stopped' };
      await refuse(id, new Map(rest.map((ref) => [ref, outcome])));
    }
  }

  /** Must run in turn. */
  async #order({ id }: Sweep, refs: readonly MessageRef[]): Promise<void> {
    const refused = new Map<MessageRef, RecallOutcome>();
    for (const account of accountsOf(refs)) {
      const its = refs.filter((ref) => ref.account === account);
      const outcomes = await this.#keepers.recallAll(
        account,
        its.map((ref) => ref.id),
        id,
      );
      for (const ref of its) {
        const outcome = outcomes.get(ref.id);
        if (outcome) refused.set(ref, outcome);
      }
    }
    await refuse(id, refused);
    await changeSweep(id, (sweep) => ({ ...sweep, isOrdered: true }));
    // Stopped while it was being ordered.
    if ((await findSweep(id))?.isStopped) await this.#keepers.stopSweep(id);
  }
}

/** A message and how it is shown. */
interface Found {
  readonly entry: Entry;
  readonly item: SweepItem;
  /** Whether a policy lets a sweep reach back to it. */
  readonly isWithin: boolean;
}

/** Whether a sweep may take it: it may be recalled, and is not yet. */
function isTakeable({ item, isWithin }: Found): boolean {
  return isWithin && item.until !== undefined && item.progress?.state !== 'accepted';
}

/** What was listed, with why it cannot be taken where only a policy is in the way. */
function explained(found: Found): Found {
  const { item, isWithin } = found;
  const isOpen = item.until !== undefined && (item.progress?.state ?? 'refused') === 'refused';
  return isWithin || !isOpen ? found : { ...found, item: { ...item, progress: endOf(beyond) } };
}

/**
 * Which messages a policy lets a sweep take whose list has been open for so many seconds: it may be
 * read as long as somebody likes.
 */
async function reachOf(
  openFor: number,
): Promise<(keeper: Keeper, entry: Pick<Entry, 'time'>) => boolean> {
  const { sweepSeconds = Infinity } = await readPolicy();
  return (keeper, { time }) =>
    sweepSeconds > 0 && keeper.now() / 1000 - time < sweepSeconds + openFor;
}

async function refuse(id: string, outcomes: ReadonlyMap<MessageRef, RecallOutcome>): Promise<void> {
  if (outcomes.size === 0) return;
  const refused = [...outcomes].map(([ref, outcome]) => ({ ref, outcome }));
  await changeSweep(id, (sweep) => ({ ...sweep, refused: [...sweep.refused, ...refused] }));
}

function keyOf({ account, id }: { account: AccountId; id: MessageId }): string {
  return `${account}\n${id}`;
}

function accountsOf(refs: readonly MessageRef[]): readonly AccountId[] {
  return [...new Set(refs.map(({ account }) => account))];
}
