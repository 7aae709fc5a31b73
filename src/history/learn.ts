import type { AccountId, Message, MessageId, MessageRef } from '../message/message.ts';
import { read, write, type Writing } from './database.ts';
import { gather, type Desk } from './desk.ts';
import type { Learnt, Lesson } from './history.ts';
import { placeOfRecord, withWords, type Db, type EntryRecord, type Place } from './schema.ts';
import type { Reworded } from './search.ts';
import { settle, type Content, type Plan } from './settle.ts';
import type { Sealed, Vault } from './vault.ts';

/** A message's words as they shall be stored. */
interface Words {
  readonly content: Content;
  readonly body: Sealed;
  readonly quote?: Sealed;
}

/** Messages' words, sealed. */
type SealedWords = ReadonlyMap<Message, Pick<EntryRecord, 'body' | 'quote'>>;

async function sealAll(
  vault: Vault,
  account: AccountId,
  messages: readonly Message[],
): Promise<SealedWords> {
  const sealed = await vault.seal(
    messages.flatMap(({ id, body, quote }) => [
      { account, id, part: 'body' as const, it: body.text },
      ...(quote ? [{ account, id, part: 'quote' as const, it: quote.text }] : []),
    ]),
  );
  const next = sealed.values();
  return new Map(
    messages.map((message) => {
      const body = next.next().value;
      const quote = message.quote && next.next().value;
      return [message, { ...(body && { body }), ...(quote && { quote }) }];
    }),
  );
}

function wordsOf(contents: readonly Content[], sealed: SealedWords): Words[] {
  return contents.flatMap((content) => {
    const { body, quote } = sealed.get(content.message) ?? {};
    if (!body) return [];
    return [{ content, body, ...(quote && content.quote !== undefined && { quote }) }];
  });
}

/** Contents that cannot be read where they are stored, or read otherwise. */
async function newAmong(
  vault: Vault,
  account: AccountId,
  contents: readonly Content[],
  desk: Desk,
): Promise<readonly Content[]> {
  const stored = contents.flatMap(({ message: { id } }) => {
    const { body, quote } = desk.entries.get(id) ?? {};
    return [
      ...(body ? [{ account, id, part: 'body' as const, it: body }] : []),
      ...(quote ? [{ account, id, part: 'quote' as const, it: quote }] : []),
    ];
  });
  const texts = (await vault.open(stored)).values();
  return contents.filter(({ message, quote }) => {
    const known = desk.entries.get(message.id);
    const oldBody = known?.body && texts.next().value;
    const oldQuote = known?.quote && texts.next().value;
    const isQuoteThere = (known?.quote !== undefined) === (quote !== undefined);
    return oldBody !== message.body.text || oldQuote !== quote || !isQuoteThere;
  });
}

function isIdle(plan: Plan, words: readonly Words[]): boolean {
  const { entries, conversations, orphans, matched } = plan;
  const sizes = [entries.size, conversations.length, orphans.length, matched.length, words.length];
  return sizes.every((size) => size === 0);
}

/** The entries to store: those with other facts, and those with other words. */
function entriesOf(plan: Plan, words: readonly Words[], desk: Desk): Iterable<EntryRecord> {
  const entries = new Map(plan.entries);
  for (const { content, body, quote } of words) {
    const { id } = content.message;
    const record = entries.get(id) ?? desk.entries.get(id);
    if (record) entries.set(id, withWords(record, { body, ...(quote && { quote }) }));
  }
  return entries.values();
}

/** Asks for everything a plan changes. */
function carryOut(
  tx: Writing,
  send: (request: Promise<unknown>) => void,
  desk: Desk,
  plan: Plan,
  words: readonly Words[],
): void {
  const entries = tx.objectStore('entries');
  const [conversations, orphans] = [tx.objectStore('conversations'), tx.objectStore('orphans')];
  for (const key of plan.matched) send(orphans.delete(key));
  for (const { key, record } of plan.orphans) send(orphans.put(record, key));
  for (const record of plan.conversations) send(conversations.put(record));
  for (const record of entriesOf(plan, words, desk)) send(entries.put(record));
  send(tx.objectStore('meta').put(desk.generation + 1, 'generation'));
}

/** What was stored is also remembered, and what was destroyed is forgotten. */
function remember(vault: Vault, account: AccountId, plan: Plan, words: readonly Words[]): void {
  for (const { content, body, quote } of words) {
    const { id, body: words } = content.message;
    vault.remember({ account, id, part: 'body', it: body }, words.text);
    if (quote && content.quote !== undefined) {
      vault.remember({ account, id, part: 'quote', it: quote }, content.quote);
    }
  }
  if (plan.dead.length === 0 && plan.blanked.length === 0) return;
  vault.forget([
    ...plan.dead.map((id) => ({ account, id, part: 'body' as const })),
    ...[...plan.dead, ...plan.blanked].map((id) => ({ account, id, part: 'quote' as const })),
  ]);
}

/** Where words are new and where they are gone. */
function rewordedBy({ desk, plan, words }: Done): Reworded {
  const placeOfId = (id: MessageId): Place[] => {
    const record = plan.entries.get(id) ?? desk.entries.get(id);
    return record ? [placeOfRecord(record)] : [];
  };
  const put = words.flatMap(({ content: { message } }) =>
    placeOfId(message.id).map((place) => ({ place, text: message.body.text })),
  );
  const replaced = words.flatMap(({ content: { message } }) =>
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
  for (const { content } of words) {
    const { id } = content.message;
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
}: Lesson): void {
  const numbers = [
    ...messages.flatMap(({ time, sequence }) => [time, sequence]),
    ...recalls.flatMap(({ time = 0, sequence, at }) => [time, sequence, at]),
    ...conversations.flatMap(({ lastTime, unread }) => [lastTime, unread]),
    ...marks.map(({ time }) => time),
  ];
  if (!numbers.every(Number.isFinite)) throw new TypeError('A lesson holds a number that is none.');
}

/** What came of a lesson. */
interface Done {
  readonly desk: Desk;
  readonly plan: Plan;
  readonly words: readonly Words[];
}

/**
 * Learns a lesson in one transaction, all or nothing. Texts cannot be sealed or opened while one
 * is open. So new ones are sealed before it; where stored words have to be opened to know whether
 * they are new, that is done on a desk read before, and when somebody wrote in between, everything
 * is worked out again.
 */
export async function learn(
  db: Db,
  vault: Vault,
  lesson: Lesson,
  reworded?: (what: Reworded) => void,
): Promise<Learnt> {
  checkNumbers(lesson);
  const { account, messages = [] } = lesson;
  const isNew = !messages.some(({ id }) => vault.remembers({ account, id, part: 'body' }));
  const learntAsNew = isNew ? await learnNew(db, vault, lesson) : undefined;
  const done = learntAsNew ?? (await learnKnown(db, vault, lesson));
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

/** Learns a lesson in which no words are stored already; undefined, and nothing done, if some are. */
async function learnNew(db: Db, vault: Vault, lesson: Lesson): Promise<Done | undefined> {
  const durability = durabilityOf(lesson);
  const sealed = await sealAll(vault, lesson.account, lesson.messages ?? []);
  return write(db, durability, async (tx, send) => {
    const desk = await gather(tx, lesson);
    const plan = settle(lesson, desk);
    const isKnown = plan.contents.some(({ message }) => desk.entries.get(message.id)?.body);
    if (isKnown || (plan.dead.length > 0 && durability !== 'strict')) return undefined;
    const words = wordsOf(plan.contents, sealed);
    if (!isIdle(plan, words)) carryOut(tx, send, desk, plan, words);
    return { desk, plan, words };
  });
}

async function learnKnown(db: Db, vault: Vault, lesson: Lesson): Promise<Done> {
  const { account } = lesson;
  for (;;) {
    const desk = await read(db, (tx) => gather(tx, lesson));
    const plan = settle(lesson, desk);
    const fresh = await newAmong(vault, account, plan.contents, desk);
    const sealed = await sealAll(
      vault,
      account,
      fresh.map(({ message }) => message),
    );
    const words = wordsOf(fresh, sealed);
    if (isIdle(plan, words)) return { desk, plan, words };
    const durability = plan.dead.length > 0 ? 'strict' : durabilityOf(lesson);
    const isDone = await write(db, durability, async (tx, send) => {
      const generation = (await tx.objectStore('meta').get('generation')) ?? 0;
      if (generation !== desk.generation) return false;
      carryOut(tx, send, desk, plan, words);
      return true;
    });
    if (isDone) return { desk, plan, words };
  }
}
