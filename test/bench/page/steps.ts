import { openDB, unwrap } from 'idb';
import { read } from '../../../src/history/database.ts';
import { gather } from '../../../src/history/desk.ts';
import { learn } from '../../../src/history/learn.ts';
import {
  recordOf,
  stores,
  upgrades,
  withWords,
  type Db,
  type Schema,
} from '../../../src/history/schema.ts';
import { settle } from '../../../src/history/settle.ts';
import { makeVault, type Vault } from '../../../src/history/vault.ts';
import type { Message } from '../../../src/message/message.ts';
import { me } from './messages.ts';
import { openRaw, settled } from './raw.ts';

/**
 * Milliseconds that learning takes, from the least that can be done to all of it. `threeIndexes`
 * to `learning` each do what the one before does and more; the last three are parts of `learning`.
 */
export const stepNames = [
  'raw',
  'threeIndexes',
  'allIndexes',
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
  seal: (texts) =>
    Promise.resolve(
      texts.map(({ it }) => {
        const bytes = encoder.encode(it);
        const padded = new Uint8Array(bytes.length + 64);
        padded.set(bytes, 64);
        return padded;
      }),
    ),
  open: (sealed) =>
    Promise.resolve(sealed.map(({ it }) => new TextDecoder().decode(it.subarray(64)))),
  remembers: () => false,
  remember: () => undefined,
  forget: () => undefined,
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

/** Puts what history would store, without looking first. */
async function putAll(db: Db, messages: readonly Message[]): Promise<void> {
  const records = await Promise.all(
    messages.map(async (message) => {
      const [body] = await openVault.seal([{ account: me, id: message.id, it: message.body.text }]);
      return withWords(recordOf(me, message), body);
    }),
  );
  const tx = unwrap(db).transaction(stores, 'readwrite', { durability: 'relaxed' });
  for (const record of records) tx.objectStore('entries').put(record);
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
  const all = await openStores(`${name}-all`);
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
      () => time('threeIndexes', () => putAll(three, messages)),
      () => time('allIndexes', () => putAll(all, messages)),
      () => time('learningUnsealed', () => learn(unsealed, openVault, lesson)),
      () => time('learning', () => learn(learnt, vault, lesson)),
      () =>
        time('sealing', () =>
          vault.seal(messages.map(({ id, body }) => ({ account: me, id, it: body.text }))),
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
  for (const one of [raw, three, all, unsealed, learnt, looked]) one.close();
  for (const one of ['raw', 'three', 'all', 'unsealed', 'learnt', 'looked']) {
    indexedDB.deleteDatabase(`${name}-${one}`);
  }
  return steps;
}
