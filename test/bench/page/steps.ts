import { openDB, unwrap } from 'idb';
import { read } from '../../../src/history/database.ts';
import { gather } from '../../../src/history/desk.ts';
import { learn } from '../../../src/history/learn.ts';
import {
  placeOf,
  recordOf,
  stores,
  upgrades,
  type Db,
  type Schema,
} from '../../../src/history/schema.ts';
import { settle } from '../../../src/history/settle.ts';
import { labelOf, makeVault, type Vault } from '../../../src/history/vault.ts';
import type { Message } from '../../../src/message/message.ts';
import { me } from './messages.ts';
import { openRaw, settled } from './raw.ts';

/**
 * Milliseconds that learning takes, from the least that can be done to all of it. `accountKeys`
 * to `learning` each do what the one before does and more; the last three are parts of `learning`.
 */
export const stepNames = [
  'raw',
  'accountKeys',
  'allIndexes',
  'bodiesApart',
  'learningUnsealed',
  'learning',
  'sealing',
  'gathering',
  'settling',
] as const;
export type Steps = Record<(typeof stepNames)[number], number>;

type IndexName = keyof Schema['entries']['indexes'];

const encoder = new TextEncoder();

/** Seals nothing, but takes as many bytes as the real one. */
const openVault: Vault = {
  seal(text) {
    const bytes = encoder.encode(text);
    const padded = new Uint8Array(bytes.length + 76);
    padded.set(bytes, 76);
    return Promise.resolve(padded);
  },
  open: (sealed) => Promise.resolve(new TextDecoder().decode(sealed.subarray(76))),
};

/** History's stores, without the indexes named. */
async function openStores(name: string, without: readonly IndexName[] = []): Promise<Db> {
  let upgraded = Promise.resolve();
  const db = await openDB<Schema>(name, upgrades.length, {
    upgrade(db, _from, _to, upgrading) {
      upgraded = (async () => {
        for (const upgrade of upgrades) await upgrade(db, upgrading);
        for (const index of without) upgrading.objectStore('entries').deleteIndex(index);
      })();
    },
  });
  await upgraded;
  return db;
}

/**
 * Puts what history would store, without looking first, in history's own keys and shapes: texts in
 * the entries themselves, or apart as history has them.
 */
async function putAll(
  db: Db,
  messages: readonly Message[],
  options: { isApart: boolean },
): Promise<void> {
  const records = await Promise.all(
    messages.map(async (message) => {
      const { body, quote } = message;
      return {
        place: placeOf(me, message.conversation, message),
        entry: recordOf(me, message),
        body: await openVault.seal(body.text, ''),
        ...(quote && { quote: await openVault.seal(quote.text, '') }),
      };
    }),
  );
  const tx = unwrap(db).transaction(stores, 'readwrite', { durability: 'relaxed' });
  const [entries, bodies] = [tx.objectStore('entries'), tx.objectStore('bodies')];
  for (const { place, entry, body, quote } of records) {
    if (!options.isApart) {
      entries.put({ ...entry, body, ...(quote && { quote }) });
      continue;
    }
    entries.put(entry);
    bodies.put({ id: entry.id, part: 'body', sealed: body }, [...place, 'body']);
    if (quote) bodies.put({ id: entry.id, part: 'quote', sealed: quote }, [...place, 'quote']);
  }
  await settled(tx);
}

/**
 * Times the steps of learning side by side, lesson by lesson, each on a database of its own that
 * grows alike.
 */
export async function timeSteps(
  name: string,
  lessons: readonly (readonly Message[])[],
): Promise<Steps> {
  const vault = await makeVault(crypto.getRandomValues(new Uint8Array(32)));
  const raw = await openRaw(`${name}-raw`);
  const three = await openStores(`${name}-three`, ['recalled', 'quote']);
  const together = await openStores(`${name}-together`);
  const apart = await openStores(`${name}-apart`);
  const unsealed = await openStores(`${name}-unsealed`);
  const learnt = await openStores(`${name}-learnt`);
  const looked = await openStores(`${name}-looked`);
  const steps = Object.fromEntries(stepNames.map((step) => [step, 0])) as Steps;
  async function time<T>(step: keyof Steps, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    steps[step] += performance.now() - start;
    return result;
  }

  for (const [turn, messages] of lessons.entries()) {
    const lesson = { account: me, messages };
    const works = [
      () => time('raw', () => raw.ingest(messages)),
      () => time('accountKeys', () => putAll(three, messages, { isApart: false })),
      () => time('allIndexes', () => putAll(together, messages, { isApart: false })),
      () => time('bodiesApart', () => putAll(apart, messages, { isApart: true })),
      () => time('learningUnsealed', () => learn(unsealed, openVault, lesson)),
      () => time('learning', () => learn(learnt, vault, lesson)),
      () =>
        time('sealing', () =>
          Promise.all(
            messages.flatMap(({ id, body, quote }) => [
              vault.seal(body.text, labelOf(me, id, 'body')),
              ...(quote ? [vault.seal(quote.text, labelOf(me, id, 'quote'))] : []),
            ]),
          ),
        ),
      // On a database of its own: a look warms what the learning after it would look at.
      async () => {
        const desk = await time('gathering', () => read(looked, (tx) => gather(tx, lesson)));
        await time('settling', () => Promise.resolve(settle(lesson, desk)));
        await learn(looked, openVault, lesson);
      },
    ];
    // Another one comes first each time: what one leaves to be done slows the next.
    for (let i = 0; i < works.length; i++) await works[(i + turn) % works.length]?.();
  }
  for (const one of [raw, three, together, apart, unsealed, learnt, looked]) one.close();
  for (const one of ['raw', 'three', 'together', 'apart', 'unsealed', 'learnt', 'looked']) {
    indexedDB.deleteDatabase(`${name}-${one}`);
  }
  return steps;
}
