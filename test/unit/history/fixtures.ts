import 'fake-indexeddb/auto';
import { accountId, type Message, type Recall } from '../../../src/message/message.ts';

export const alice = accountId(1_400_000_001, 'alice');
export const bob = accountId(1_400_000_001, 'bob');
export const withBob = 'C2Cbob';
export const team = 'GROUPteam';

/** A profile key that is the same in every test that does not ask for another. */
export function profileKey(fill = 7): () => Promise<Uint8Array<ArrayBuffer>> {
  return () => Promise.resolve(new Uint8Array(32).fill(fill));
}

let serial = 0;

/** A database name nobody used before. */
export function freshName(): string {
  serial += 1;
  return `history-${serial}`;
}

/** A message from Bob to Alice, unless said otherwise. */
export function message(id: string, more: Partial<Omit<Message, 'id'>> = {}): Message {
  return {
    id,
    conversation: withBob,
    author: 'bob',
    authorName: 'Bob B.',
    sequence: 1000 + Number(/\d+/u.exec(id)?.[0] ?? 0),
    random: 42,
    time: 1_700_000_000 + Number(/\d+/u.exec(id)?.[0] ?? 0),
    kind: 'text',
    body: { text: `words of ${id}` },
    ...more,
  };
}

/** A recall of a message, by its author, told by the service. */
export function recallOf(of: Message, more: Partial<Recall> = {}): Recall {
  return {
    conversation: of.conversation,
    id: of.id,
    sequence: of.sequence,
    time: of.time,
    by: of.author,
    at: (of.time + 5) * 1000,
    witness: 'event',
    ...more,
  };
}

/** A copy that lacks some of its properties. */
export function without<T extends object, K extends keyof T>(of: T, ...keys: K[]): Omit<T, K> {
  const copy: Partial<T> = { ...of };
  for (const key of keys) Reflect.deleteProperty(copy, key);
  return copy as Omit<T, K>;
}

/** A recall that the service named by sequence only. */
export function withoutId(recall: Recall): Recall {
  return without(recall, 'id');
}

/** What a request gives. */
export function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('no reason given'));
    };
  });
}

/** A method of a prototype as it is now, to be called on any of its objects. */
export function methodOf<T, K extends keyof T>(
  prototype: T,
  name: K,
): T[K] extends (...args: infer A) => infer R ? (on: T, ...args: A) => R : never {
  const method = prototype[name] as (...args: unknown[]) => unknown;
  return ((on: T, ...args: unknown[]) => method.apply(on, args)) as never;
}

/** Every record and key of every store as it lies there. */
export async function dump(name: string): Promise<Record<string, [IDBValidKey, unknown][]>> {
  const db = await settled(indexedDB.open(name));
  const tx = db.transaction([...db.objectStoreNames]);
  const stores: Record<string, [IDBValidKey, unknown][]> = {};
  for (const store of db.objectStoreNames) {
    const keys = await settled(tx.objectStore(store).getAllKeys());
    const values: unknown[] = await settled(tx.objectStore(store).getAll());
    stores[store] = keys.map((key, i) => [key, values[i]]);
  }
  db.close();
  return stores;
}

/** Which words lie sealed in the entries, each by its message's id. */
export async function sealedIn(name: string): Promise<string[]> {
  const { entries = [] } = await dump(name);
  return entries.flatMap(([, value]) => {
    const record = value as Record<string, unknown>;
    return record.body instanceof Uint8Array ? [String(record.id)] : [];
  });
}

function bytesOf(value: unknown): Buffer[] {
  if (value instanceof Uint8Array) return [Buffer.from(value)];
  if (value instanceof ArrayBuffer) return [Buffer.from(value)];
  if (Array.isArray(value)) return value.flatMap(bytesOf);
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([key, inner]) => [Buffer.from(key), ...bytesOf(inner)]);
  }
  return [Buffer.from(String(value))];
}

/** Where in a dump a text stands: plain, in UTF-16, in base64 (any alignment) or as hex. */
export async function traces(name: string, text: string): Promise<string[]> {
  const utf8 = Buffer.from(text);
  const needles = [
    utf8,
    Buffer.from(text, 'utf16le'),
    Buffer.from(utf8.toString('hex')),
    ...[0, 1, 2].map((shift) =>
      // The characters at either end also depend on the neighbours.
      Buffer.from(
        Buffer.concat([Buffer.alloc(shift), utf8])
          .toString('base64')
          .slice(4, -4),
      ),
    ),
  ].filter(({ length }) => length > 3);
  return Object.entries(await dump(name)).flatMap(([store, records]) =>
    records.flatMap(([key, value]) =>
      [...bytesOf(key), ...bytesOf(value)].some((bytes) =>
        needles.some((needle) => bytes.includes(needle)),
      )
        ? [`${store} ${JSON.stringify(key)}`]
        : [],
    ),
  );
}

/** Names a message of Alice's. */
export function refOf({ id, conversation }: Pick<Message, 'id' | 'conversation'>) {
  return { account: alice, conversation, id };
}

/** All of a message but its words. */
export function factsOf(of: Message) {
  return without(of, 'body', 'quote');
}

/** What a lesson changed that was known already. */
export const nothing = { messages: [], recalled: [], conversations: [] };
