import type {
  AccountId,
  ConversationId,
  Entry,
  MessageId,
  MessageRef,
  Quoted,
} from '../message/message.ts';
import { read, type Reading } from './database.ts';
import type { Conversation, Extent } from './history.ts';
import {
  down,
  placeOf,
  quoteKeyOf,
  under,
  type ConversationRecord,
  type Db,
  type EntryRecord,
  type OrphanKey,
  type Store,
} from './schema.ts';
import type { Labelled, Sealed } from './sealed.ts';
import type { Vault } from './vault.ts';

/** IndexedDB takes counts from 1 up to this; 0 would mean all. */
const mostEver = 0xffff_ffff;

/** A transaction over one store begins sooner than one over all (a third of a look-up in Firefox). */
const onlyEntries: Store[] = ['entries'];

function factsOf(record: EntryRecord): Entry {
  const { account, conversation, id, author, authorName, random, kind, recall } = record;
  const { clientSequence, mentions } = record;
  return {
    account,
    conversation,
    id,
    author,
    authorName,
    sequence: down(record.sequenceDown),
    ...(clientSequence !== undefined && { clientSequence }),
    random,
    time: down(record.timeDown),
    kind,
    ...(mentions && { mentions }),
    ...(recall && { recall }),
  };
}

function quotedBy({ quoteId, quoteSequence, quoteTime }: EntryRecord): Quoted | undefined {
  if (quoteId === undefined) return undefined;
  return {
    id: quoteId,
    ...(quoteSequence !== undefined && { sequence: quoteSequence }),
    ...(quoteTime !== undefined && { time: quoteTime }),
  };
}

/** The entries of stored records, with what can be read of their words. */
export async function reveal(
  vault: Vault,
  records: readonly EntryRecord[],
  options?: Parameters<Vault['open']>[1],
): Promise<Entry[]> {
  const sealed: Labelled<Sealed>[] = [];
  for (const { account, id, body } of records) if (body) sealed.push({ account, id, it: body });
  const texts = (await vault.open(sealed, options)).values();
  return records.map((record) => {
    const text = record.body && texts.next().value;
    const quote = quotedBy(record);
    return {
      ...factsOf(record),
      ...(text !== undefined && { body: { text } }),
      ...(quote && { quote }),
    };
  });
}

export async function findAll(
  db: Db,
  vault: Vault,
  account: AccountId,
  ids: readonly string[],
): Promise<readonly Entry[]> {
  const found = await read(
    db,
    (tx) => {
      const index = tx.objectStore('entries').index('id');
      return Promise.all(ids.map((id) => index.get([account, id])));
    },
    onlyEntries,
  );
  return reveal(
    vault,
    found.filter((record) => record !== undefined),
  );
}

/**
 * See `History.quotingRecalled`. Opens no words; recalls that wait are looked for only where the
 * quoted message is not known, and only under the conversation that quotes it.
 */
export async function quotingRecalled(
  db: Db,
  account: AccountId,
  entries: readonly Entry[],
): Promise<ReadonlySet<MessageId>> {
  const quoted = new Set(entries.flatMap(({ quote }) => quote?.id ?? []));
  if (quoted.size === 0) return new Set();
  return read(
    db,
    async (tx) => {
      const byId = tx.objectStore('entries').index('id');
      const orphans = tx.objectStore('orphans');
      const [waiting, ...records] = await Promise.all([
        orphans.count(under([account])),
        ...[...quoted].map((id) => byId.get([account, id])),
      ]);
      const known = new Map(records.flatMap((record) => (record ? [[record.id, record]] : [])));
      const isRecalled = async ({ conversation, quote }: Entry): Promise<boolean> => {
        if (!quote) return false;
        const record = known.get(quote.id);
        if (record || waiting === 0) return record?.recall !== undefined;
        const key = quoteKeyOf(account, conversation, quote);
        const keys: OrphanKey[] = [[account, conversation, 'id', quote.id], ...(key ? [key] : [])];
        const found = await Promise.all(keys.map((one) => orphans.getKey(one)));
        return found.some((one) => one !== undefined);
      };
      const are = await Promise.all(entries.map(isRecalled));
      return new Set(entries.flatMap(({ id }, i) => (are[i] ? id : [])));
    },
    ['entries', 'orphans'],
  );
}

export async function find(
  db: Db,
  vault: Vault,
  { account, id }: Pick<MessageRef, 'account' | 'id'>,
): Promise<Entry | undefined> {
  return (await findAll(db, vault, account, [id]))[0];
}

interface Newest {
  readonly account: AccountId;
  readonly since: number;
  readonly most: number;
}

/** The newest of a sparse index since `since`, newest first. */
export async function newest(
  db: Db,
  vault: Vault,
  index: 'mine' | 'recalled',
  wanted: Newest,
): Promise<readonly Entry[]> {
  return reveal(vault, await newestRecords(db, index, wanted));
}

/** The same of my own messages, none of whose words are opened. */
export async function newestFacts(db: Db, wanted: Newest): Promise<readonly Entry[]> {
  return (await newestRecords(db, 'mine', wanted)).map(factsOf);
}

async function newestRecords(
  db: Db,
  index: 'mine' | 'recalled',
  { account, since, most }: Newest,
): Promise<readonly EntryRecord[]> {
  if (most < 1) return [];
  const range = under([account], { upTo: [account, down(since)] });
  const count = Math.min(most, mostEver);
  return read(db, (tx) => tx.objectStore('entries').index(index).getAll(range, count), onlyEntries);
}

export async function page(
  db: Db,
  vault: Vault,
  { account, conversation }: Pick<Entry, 'account' | 'conversation'>,
  most: number,
  before?: Pick<Entry, 'time' | 'sequence' | 'id'>,
): Promise<readonly Entry[]> {
  if (most < 1) return [];
  const range = under(
    [account, conversation],
    before && { after: placeOf(account, conversation, before) },
  );
  const found = await read(
    db,
    (tx) => tx.objectStore('entries').getAll(range, Math.min(most, mostEver)),
    onlyEntries,
  );
  return reveal(vault, found);
}

interface Found {
  readonly record: ConversationRecord;
  readonly last: EntryRecord | undefined;
}

async function withLast(tx: Reading, record: ConversationRecord): Promise<Found> {
  const range = under([record.account, record.id]);
  const [last] = await tx.objectStore('entries').getAll(range, 1);
  return { record, last };
}

async function describe(vault: Vault, found: readonly Found[]): Promise<Conversation[]> {
  const lasts = await reveal(
    vault,
    found.flatMap(({ last }) => last ?? []),
  );
  const byId = new Map(lasts.map((entry) => [entry.conversation, entry]));
  return found.map(({ record }) => {
    const { account, id, name, unread, lastTime, role, mark, edge } = record;
    const last = byId.get(id);
    return {
      account,
      id,
      name,
      unread,
      lastTime: Math.max(lastTime, last?.time ?? 0),
      mark,
      ...(edge && { edge }),
      ...(role && { role }),
      ...(last && { last }),
    };
  });
}

export async function conversations(
  db: Db,
  vault: Vault,
  account: AccountId,
): Promise<readonly Conversation[]> {
  const found = await read(db, async (tx) => {
    const records = await tx.objectStore('conversations').getAll(under([account]));
    return Promise.all(records.map((record) => withLast(tx, record)));
  });
  return describe(vault, found);
}

export async function conversation(
  db: Db,
  vault: Vault,
  account: AccountId,
  id: ConversationId,
): Promise<Conversation | undefined> {
  const found = await read(db, async (tx) => {
    const record = await tx.objectStore('conversations').get([account, id]);
    return record ? [await withLast(tx, record)] : [];
  });
  return (await describe(vault, found))[0];
}

/** See `History.extent`. */
export async function extent(db: Db, account: AccountId): Promise<Extent> {
  return read(db, async (tx) => {
    const entries = tx.objectStore('entries');
    const [all, dead, records] = await Promise.all([
      entries.count(under([account])),
      entries.index('recalled').count(under([account])),
      tx.objectStore('conversations').getAll(under([account])),
    ]);
    const conversations = await Promise.all(
      records.map(async ({ id, lastTime, edge }) => {
        const range = under([account, id]);
        const [[newest], oldest] = await Promise.all([
          entries.getAllKeys(range, 1),
          entries.openKeyCursor(range, 'prev'),
        ]);
        return {
          id,
          lastTime: Math.max(lastTime, newest ? down(newest[2]) : 0),
          ...(edge && { edge }),
          ...(oldest && { oldest: down(oldest.key[2]) }),
        };
      }),
    );
    return { messages: all - dead, conversations };
  });
}

/** How many entries are kept of each account. */
export async function sizes(db: Db): Promise<ReadonlyMap<AccountId, number>> {
  return read(
    db,
    async (tx) => {
      // Every entry has a conversation, and of these there are few.
      const keys = await tx.objectStore('conversations').getAllKeys();
      const accounts = [...new Set(keys.map(([account]) => account))];
      const entries = tx.objectStore('entries');
      const counts = await Promise.all(accounts.map((account) => entries.count(under([account]))));
      return new Map(accounts.map((account, i) => [account, counts[i] ?? 0]));
    },
    ['conversations', 'entries'],
  );
}
