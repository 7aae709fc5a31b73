import type { MessageId, MessageRef } from '../message/message.ts';
import { read, write, type Writing } from './database.ts';
import { gather, type Desk } from './desk.ts';
import type { Learnt, Lesson } from './history.ts';
import type { BodyRecord, Db, Part, Place } from './schema.ts';
import { under } from './schema.ts';
import { settle, type Content, type Plan } from './settle.ts';
import { labelOf, type Vault } from './vault.ts';

/** The sealed texts of one message, in place of whatever was stored of it. */
interface Sealed {
  readonly place: Place;
  readonly records: readonly BodyRecord[];
}

/** One text as it shall be stored. */
async function seal(vault: Vault, place: Place, part: Part, text: string): Promise<BodyRecord> {
  const [account, , , , id] = place;
  return { id, part, sealed: await vault.seal(text, labelOf(account, id, part)) };
}

/** Seals a message's texts, or gives undefined when the very same can be read already. */
async function sealIfNew(
  vault: Vault,
  { place, body, quote }: Content,
  stored: readonly BodyRecord[],
): Promise<Sealed | undefined> {
  const [account, , , , id] = place;
  if (stored.length > 0) {
    const open = async (part: Part): Promise<string | undefined> => {
      const record = stored.find((it) => it.part === part);
      return record && vault.open(record.sealed, labelOf(account, id, part));
    };
    const [oldBody, oldQuote] = await Promise.all([open('body'), open('quote')]);
    if (oldBody === body && oldQuote === quote) return undefined;
  }
  const texts = [seal(vault, place, 'body', body)];
  if (quote !== undefined) texts.push(seal(vault, place, 'quote', quote));
  return { place, records: await Promise.all(texts) };
}

async function sealNew(vault: Vault, plan: Plan, desk: Desk): Promise<readonly Sealed[]> {
  const all = await Promise.all(
    plan.contents.map((content) =>
      sealIfNew(vault, content, desk.bodies.get(content.place[4]) ?? []),
    ),
  );
  return all.filter((it) => it !== undefined);
}

function isIdle(plan: Plan, sealed: readonly Sealed[]): boolean {
  const { entries, conversations, orphans, matched, blanked } = plan;
  return [entries, conversations, orphans, matched, blanked, sealed].every((it) => it.length === 0);
}

/** Asks for everything a plan changes; destroys before it writes. */
function carryOut(
  tx: Writing,
  send: (request: Promise<unknown>) => void,
  desk: Desk,
  plan: Plan,
  sealed: readonly Sealed[],
): void {
  const [entries, bodies] = [tx.objectStore('entries'), tx.objectStore('bodies')];
  const [conversations, orphans] = [tx.objectStore('conversations'), tx.objectStore('orphans')];
  for (const place of plan.dead) send(bodies.delete(under(place)));
  for (const key of plan.blanked) send(bodies.delete(key));
  for (const key of plan.matched) send(orphans.delete(key));
  for (const { key, record } of plan.orphans) send(orphans.put(record, key));
  for (const record of plan.conversations) send(conversations.put(record));
  for (const record of plan.entries) send(entries.put(record));
  for (const { place, records } of sealed) {
    if (desk.bodies.get(place[4])?.length) send(bodies.delete(under(place)));
    for (const record of records) send(bodies.put(record, [...place, record.part]));
  }
  send(tx.objectStore('meta').put(desk.generation + 1, 'generation'));
}

function report(lesson: Lesson, plan: Plan, sealed: readonly Sealed[]): Learnt {
  const { account } = lesson;
  const messages = new Map<MessageId, MessageRef>(plan.changed.map((ref) => [ref.id, ref]));
  const conversations = new Set(plan.touched);
  for (const { place } of sealed) {
    const [, conversation, , , id] = place;
    messages.set(id, { account, conversation, id });
    conversations.add(conversation);
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
}: Lesson): void {
  const numbers = [
    ...messages.flatMap(({ time, sequence }) => [time, sequence]),
    ...recalls.flatMap(({ time = 0, sequence, at }) => [time, sequence, at]),
    ...conversations.flatMap(({ lastTime, unread }) => [lastTime, unread]),
    ...marks.map(({ time }) => time),
  ];
  if (!numbers.every(Number.isFinite)) throw new TypeError('A lesson holds a number that is none.');
}

/**
 * Learns a lesson in one transaction, all or nothing. Texts are sealed before that transaction,
 * on a desk read before; when somebody wrote in between, everything is worked out again.
 */
export async function learn(db: Db, vault: Vault, lesson: Lesson): Promise<Learnt> {
  checkNumbers(lesson);
  // What must not come back after the machine lost its power is waited for on the disk.
  const durability = lesson.recalls?.length ? 'strict' : 'relaxed';
  if (!lesson.messages?.length) {
    return write(db, durability, async (tx, send) => {
      const desk = await gather(tx, lesson);
      const plan = settle(lesson, desk);
      if (!isIdle(plan, [])) carryOut(tx, send, desk, plan, []);
      return report(lesson, plan, []);
    });
  }
  for (;;) {
    const desk = await read(db, (tx) => gather(tx, lesson));
    const plan = settle(lesson, desk);
    const sealed = await sealNew(vault, plan, desk);
    if (isIdle(plan, sealed)) return report(lesson, plan, sealed);
    const isDone = await write(
      db,
      plan.dead.length > 0 ? 'strict' : durability,
      async (tx, send) => {
        const generation = (await tx.objectStore('meta').get('generation')) ?? 0;
        if (generation !== desk.generation) return false;
        carryOut(tx, send, desk, plan, sealed);
        return true;
      },
    );
    if (isDone) return report(lesson, plan, sealed);
  }
}
