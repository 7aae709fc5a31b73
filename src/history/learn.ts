import type { AccountId, Message, MessageId, MessageRef } from '../message/message.ts';
import { keepOpen, read, write, type Pen, type Writing } from './database.ts';
import { gather, type Desk } from './desk.ts';
import { makeRoomForOrphans } from './forget.ts';
import type { Learnt, Lesson } from './history.ts';
import { placeOfRecord, withWords, type Db, type Place } from './schema.ts';
import type { Reworded } from './search.ts';
import { settle, type Plan } from './settle.ts';
import type { Sealed } from './sealed.ts';
import type { Vault } from './vault.ts';

/** A message's words as they are stored. */
interface Words {
  readonly message: Message;
  readonly body: Sealed;
}

/** Messages whose words are sealed in one go. */
const portion = 100;

/** Seals a portion when it is first asked for. */
type Sealing = () => Promise<readonly Words[]>;

function sealInPortions(
  vault: Vault,
  account: AccountId,
  messages: readonly Message[],
): readonly Sealing[] {
  return Array.from({ length: Math.ceil(messages.length / portion) }, (_, i) => {
    let sealed: Promise<readonly Words[]> | undefined;
    return () => (sealed ??= seal(vault, account, messages.slice(i * portion, (i + 1) * portion)));
  });
}

/** Has a portion sealed ahead; who waits for it hears when that fails. */
function begin(sealing: Sealing | undefined): void {
  sealing?.().catch(() => undefined);
}

async function seal(
  vault: Vault,
  account: AccountId,
  messages: readonly Message[],
): Promise<readonly Words[]> {
  const sealed = await vault.seal(messages.map(({ id, body }) => ({ account, id, it: body.text })));
  return messages.flatMap((message, i) => {
    const body = sealed[i];
    return body ? { message, body } : [];
  });
}

/** Messages whose words cannot be read where they are stored, or read otherwise. */
async function newAmong(
  vault: Vault,
  account: AccountId,
  messages: readonly Message[],
  desk: Desk,
): Promise<readonly Message[]> {
  const stored = messages.flatMap(({ id }) => {
    const body = desk.entries.get(id)?.body;
    return body ? { account, id, it: body } : [];
  });
  const texts = (await vault.open(stored)).values();
  return messages.filter(({ id, body }) => {
    const old = desk.entries.get(id)?.body && texts.next().value;
    return old !== body.text;
  });
}

/** Whether there is nothing to write. */
function isIdle(plan: Plan, fresh: readonly unknown[]): boolean {
  const { entries, conversations, orphans, matched } = plan;
  const sizes = [entries.size, conversations.length, orphans.length, matched.length, fresh.length];
  return sizes.every((size) => size === 0);
}

/** What is to be written: a plan, and whose words are new. */
interface Work {
  readonly account: AccountId;
  readonly desk: Desk;
  readonly plan: Plan;
  readonly fresh: readonly Message[];
}

/** Writes everything, words as they are sealed; gives the words. */
async function writeAll(
  tx: Writing,
  pen: Pen,
  { account, desk, plan, fresh }: Work,
  sealing: readonly Sealing[],
): Promise<Words[]> {
  if (isIdle(plan, fresh)) return [];
  const more = plan.orphans.length;
  if (more > 0) await makeRoomForOrphans(tx, pen, account, { count: desk.orphanCount, more });
  const awaited = new Map(fresh.map((message) => [message.id, message]));
  for (const key of plan.matched) pen.delete('orphans', key);
  for (const { key, record } of plan.orphans) pen.put('orphans', record, key);
  for (const record of plan.conversations) pen.put('conversations', record);
  for (const [id, record] of plan.entries) if (!awaited.has(id)) pen.put('entries', record);
  pen.put('meta', desk.generation + 1, 'generation');

  const written: Words[] = [];
  for (const [i, portion] of sealing.entries()) {
    const sealed = await keepOpen(tx, portion());
    // While these are stored there is time to seal the next.
    begin(sealing[i + 1]);
    for (const words of sealed) {
      const { id } = words.message;
      const record = plan.entries.get(id) ?? desk.entries.get(id);
      if (!record || awaited.get(id) !== words.message) continue;
      pen.put('entries', withWords(record, words.body));
      written.push(words);
    }
  }
  return written;
}

/** What was stored is also remembered, and what was destroyed is forgotten. */
function remember(vault: Vault, account: AccountId, plan: Plan, words: readonly Words[]): void {
  for (const { message, body } of words) {
    vault.remember({ account, id: message.id, it: body }, message.body.text);
  }
  if (plan.dead.length > 0) vault.forget(plan.dead.map((id) => ({ account, id })));
}

/** Where words are new and where they are gone. */
function rewordedBy({ desk, plan, words }: Done): Reworded {
  const placeOfId = (id: MessageId): Place[] => {
    const record = plan.entries.get(id) ?? desk.entries.get(id);
    return record ? [placeOfRecord(record)] : [];
  };
  const put = words.flatMap(({ message }) =>
    placeOfId(message.id).map((place) => ({ place, text: message.body.text })),
  );
  const replaced = words.flatMap(({ message }) =>
    desk.entries.get(message.id)?.body ? placeOfId(message.id) : [],
  );
  return {
    generation: desk.generation,
    put,
    removed: [...plan.dead.flatMap(placeOfId), ...replaced],
  };
}

function report({ account }: Lesson, { desk, plan, words }: Done): Learnt {
  const messages = new Map<MessageId, MessageRef>(plan.changed.map((ref) => [ref.id, ref]));
  const conversations = new Set(plan.touched);
  for (const { message } of words) {
    const { id } = message;
    const record = plan.entries.get(id) ?? desk.entries.get(id);
    if (!record) continue;
    messages.set(id, { account, conversation: record.conversation, id });
    conversations.add(record.conversation);
  }
  return {
    messages: [...messages.values()],
    recalled: plan.recalled,
    conversations: [...conversations],
  };
}

/** Numbers are parts of keys; one that is none would be refused halfway. */
function checkNumbers({
  messages = [],
  recalls = [],
  conversations = [],
  marks = [],
  edges = [],
}: Lesson): void {
  const numbers = [
    ...messages.flatMap(({ time, sequence }) => [time, sequence]),
    ...messages.flatMap(({ quote }) => [quote?.sequence ?? 0, quote?.time ?? 0]),
    ...recalls.flatMap(({ time = 0, sequence, at }) => [time, sequence, at]),
    ...conversations.flatMap(({ lastTime, unread }) => [lastTime, unread]),
    ...marks.map(({ time }) => time),
    ...edges.flatMap(({ edge: { time, sequence = 0 } }) => [time, sequence]),
  ];
  if (!numbers.every(Number.isFinite)) throw new TypeError('A lesson holds a number that is none.');
}

/** A text holds whole characters only, as it is given back once it was stored. */
function wholeTextsOf(lesson: Lesson): Lesson {
  const { messages = [] } = lesson;
  if (messages.every(({ body }) => body.text.isWellFormed())) return lesson;
  return {
    ...lesson,
    messages: messages.map((message) => {
      const { body } = message;
      return { ...message, body: { ...body, text: body.text.toWellFormed() } };
    }),
  };
}

/** What came of a lesson. */
interface Done {
  readonly desk: Desk;
  readonly plan: Plan;
  readonly words: readonly Words[];
}

/**
 * Learns a lesson in one transaction, all or nothing. Stored texts cannot be opened while one is
 * open: where that may be needed, to know which texts are new, it is done on a desk read before, and
 * when somebody wrote in between, everything is worked out again.
 */
export async function learn(
  db: Db,
  vault: Vault,
  told: Lesson,
  reworded?: (what: Reworded) => void,
): Promise<Learnt> {
  checkNumbers(told);
  const lesson = wholeTextsOf(told);
  const { account, messages = [] } = lesson;
  // Most often all are new or all are known. New ones begin to be sealed at once.
  const isNew = !messages.some(({ id }) => vault.remembers({ account, id }));
  const sealing = isNew ? sealInPortions(vault, account, messages) : undefined;
  begin(sealing?.[0]);
  const isShort = sealing !== undefined && sealing.length < 2;
  const learntAsNew = isShort ? await learnNew(db, lesson, sealing) : undefined;
  const done = learntAsNew ?? (await learnLooking(db, vault, lesson, sealing));
  // Nothing may be awaited from the end of the transaction up to here: what is in memory must not
  // be behind what is stored.
  remember(vault, account, done.plan, done.words);
  if (!isIdle(done.plan, done.words)) reworded?.(rewordedBy(done));
  return report(lesson, done);
}

/** What must not come back after the machine lost its power is waited for on the disk. */
function durabilityOf({ recalls }: Lesson): 'strict' | 'relaxed' {
  return recalls?.length ? 'strict' : 'relaxed';
}

/**
 * Learns a short lesson in which no words are stored already, with no look before its transaction;
 * undefined, and nothing done, if some are.
 */
async function learnNew(
  db: Db,
  lesson: Lesson,
  sealing: readonly Sealing[],
): Promise<Done | undefined> {
  const durability = durabilityOf(lesson);
  await sealing[0]?.();
  return write(db, durability, async (tx, pen) => {
    const desk = await gather(tx, lesson);
    const plan = settle(lesson, desk);
    const isKnown = plan.living.some(({ id }) => desk.entries.get(id)?.body);
    if (isKnown || (plan.dead.length > 0 && durability !== 'strict')) return undefined;
    const work = { account: lesson.account, desk, plan, fresh: plan.living };
    return { desk, plan, words: await writeAll(tx, pen, work, sealing) };
  });
}

async function learnLooking(
  db: Db,
  vault: Vault,
  lesson: Lesson,
  all: readonly Sealing[] | undefined,
): Promise<Done> {
  const { account } = lesson;
  for (;;) {
    const desk = await read(db, (tx) => gather(tx, lesson));
    const plan = settle(lesson, desk);
    const fresh = await newAmong(vault, account, plan.living, desk);
    if (isIdle(plan, fresh)) return { desk, plan, words: [] };
    const sealing = all ?? sealInPortions(vault, account, fresh);
    // Waited for before the transaction, that nobody else has to wait for it.
    await sealing[0]?.();
    const durability = plan.dead.length > 0 ? 'strict' : durabilityOf(lesson);
    const words = await write(db, durability, async (tx, pen) => {
      const generation = (await tx.objectStore('meta').get('generation')) ?? 0;
      if (generation !== desk.generation) return undefined;
      return writeAll(tx, pen, { account, desk, plan, fresh }, sealing);
    });
    if (words) return { desk, plan, words };
  }
}
