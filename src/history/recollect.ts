import type { AccountId, ConversationId, Entry, MessageRef } from '../message/message.ts';
import { read, type Reading } from './database.ts';
import type { Conversation } from './history.ts';
import {
  down,
  placeOf,
  placeOfRecord,
  under,
  type BodyRecord,
  type ConversationRecord,
  type Db,
  type EntryRecord,
  type Part,
} from './schema.ts';
import { labelOf, type Vault } from './vault.ts';

/** An entry as it is stored: facts and sealed texts. */
interface Stored {
  readonly record: EntryRecord;
  readonly bodies: readonly BodyRecord[];
}

/** IndexedDB takes counts from 1 up to this; 0 would mean all. */
const mostEver = 0xffff_ffff;

async function reveal(vault: Vault, { record, bodies }: Stored): Promise<Entry> {
  const { account, conversation, id, author, authorName, random, kind, quoteId, recall } = record;
  const open = async (part: Part): Promise<string | undefined> => {
    const body = bodies.find((it) => it.part === part);
    return body && vault.open(body.sealed, labelOf(account, id, part));
  };
  const [text, quote] = await Promise.all([open('body'), open('quote')]);
  return {
    account,
    conversation,
    id,
    author,
    authorName,
    sequence: down(record.sequenceDown),
    random,
    time: down(record.timeDown),
    kind,
    ...(text !== undefined && { body: { text } }),
    ...(quoteId !== undefined && {
      quote: { id: quoteId, ...(quote !== undefined && { text: quote }) },
    }),
    ...(recall && { recall }),
  };
}

function revealAll(vault: Vault, found: readonly Stored[]): Promise<Entry[]> {
  return Promise.all(found.map((it) => reveal(vault, it)));
}

/** Adds the sealed texts of each; a tombstone has none. */
function withBodies(tx: Reading, records: readonly EntryRecord[]): Promise<Stored[]> {
  const store = tx.objectStore('bodies');
  return Promise.all(
    records.map(async (record) => ({
      record,
      bodies: record.recall ? [] : await store.getAll(under(placeOfRecord(record))),
    })),
  );
}

export async function findAll(
  db: Db,
  vault: Vault,
  account: AccountId,
  ids: readonly string[],
): Promise<readonly Entry[]> {
  const found = await read(db, async (tx) => {
    const index = tx.objectStore('entries').index('id');
    const records = await Promise.all(ids.map((id) => index.get([account, id])));
    return withBodies(
      tx,
      records.filter((record) => record !== undefined),
    );
  });
  return revealAll(vault, found);
}

export async function find(
  db: Db,
  vault: Vault,
  { account, id }: Pick<MessageRef, 'account' | 'id'>,
): Promise<Entry | undefined> {
  return (await findAll(db, vault, account, [id]))[0];
}

/** The newest of a sparse index since `since`, newest first. */
export async function newest(
  db: Db,
  vault: Vault,
  index: 'mine' | 'recalled',
  { account, since, most }: { account: AccountId; since: number; most: number },
): Promise<readonly Entry[]> {
  if (most < 1) return [];
  const found = await read(db, async (tx) => {
    const range = under([account], { upTo: [account, down(since)] });
    const count = Math.min(most, mostEver);
    return withBodies(tx, await tx.objectStore('entries').index(index).getAll(range, count));
  });
  return revealAll(vault, found);
}

export async function page(
  db: Db,
  vault: Vault,
  { account, conversation }: Pick<Entry, 'account' | 'conversation'>,
  most: number,
  before?: Pick<Entry, 'time' | 'sequence' | 'id'>,
): Promise<readonly Entry[]> {
  if (most < 1) return [];
  const found = await read(db, async (tx) => {
    const range = under(
      [account, conversation],
      before && { after: placeOf(account, conversation, before) },
    );
    const records = await tx.objectStore('entries').getAll(range, Math.min(most, mostEver));
    const [first, last] = [records[0], records.at(-1)];
    if (!first || !last) return [];
    const bodies = await tx
      .objectStore('bodies')
      .getAll(IDBKeyRange.bound(placeOfRecord(first), [...placeOfRecord(last), []]));
    const byId = Map.groupBy(bodies, ({ id }) => id);
    return records.map((record) => ({ record, bodies: byId.get(record.id) ?? [] }));
  });
  return revealAll(vault, found);
}

async function lastOf(tx: Reading, record: ConversationRecord): Promise<Stored | undefined> {
  const range = under([record.account, record.id]);
  return (await withBodies(tx, await tx.objectStore('entries').getAll(range, 1)))[0];
}

async function describe(
  vault: Vault,
  { account, id, name, unread, lastTime, role, mark }: ConversationRecord,
  stored: Stored | undefined,
): Promise<Conversation> {
  const last = stored && (await reveal(vault, stored));
  return {
    account,
    id,
    name,
    unread,
    lastTime: Math.max(lastTime, last?.time ?? 0),
    mark,
    ...(role && { role }),
    ...(last && { last }),
  };
}

export async function conversations(
  db: Db,
  vault: Vault,
  account: AccountId,
): Promise<readonly Conversation[]> {
  const found = await read(db, async (tx) => {
    const records = await tx.objectStore('conversations').getAll(under([account]));
    return Promise.all(records.map(async (record) => ({ record, last: await lastOf(tx, record) })));
  });
  return Promise.all(found.map(({ record, last }) => describe(vault, record, last)));
}

export async function conversation(
  db: Db,
  vault: Vault,
  account: AccountId,
  id: ConversationId,
): Promise<Conversation | undefined> {
  const found = await read(db, async (tx) => {
    const record = await tx.objectStore('conversations').get([account, id]);
    return record && { record, last: await lastOf(tx, record) };
  });
  return found && describe(vault, found.record, found.last);
}
