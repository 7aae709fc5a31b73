import { describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { defaultManners } from '../../../src/message/manners.ts';
import { alice, message, recallOf, withBob } from '../history/fixtures.ts';
import {
  beginWorld,
  deferred,
  endWorld,
  keepSignedIn,
  settle,
  wake,
  worldOf,
  type Life,
} from './life.ts';
import { Service } from './service.ts';

const own = { kind: 'own', path: '/popup.html' } as const;
const ref = { account: alice, conversation: withBob, id: 'm1' };

const stored = async (): Promise<string> =>
  JSON.stringify([await fakeBrowser.storage.local.get(), await fakeBrowser.storage.session.get()]);

/**
 * Does `work` on a message of Alice's, which an admin recalls while step number `n` of that is being
 * taken. Gives what is kept of its words in the end; undefined where there are fewer steps.
 */
async function recallAt(
  n: number,
  work: (life: Life, service: Service) => Promise<unknown>,
): Promise<string[] | undefined> {
  beginWorld();
  const service = new Service();
  try {
    await keepSignedIn();
    const carried = { kind: 'file', identity: 'size and name' } as const;
    service.send('m1', { body: { text: 'secret words' } });
    service.send('m2', { body: { text: 'secret file' }, ...carried });
    const life = await wake(worldOf(service));
    const step = deferred<undefined>();
    let steps = 0;
    life.hold(() => (steps++ === n ? step.promise : undefined));
    work(life, service).catch(() => undefined);
    await settle();
    if (steps <= n) return undefined;
    const gone = service.messages.map((one) => recallOf(one, { by: 'boss' }));
    for (const one of service.messages) service.take(one, 'boss');
    life.link.tell({ kind: 'recalls', recalls: gone });
    await settle();
    step.resolve(undefined);
    await settle();
    const all = await stored();
    const { words } = await life.answers.searchStore('secret', own);
    return [
      ...['secret words', 'secret file', 'size and name'].filter((one) => all.includes(one)),
      ...(words > 0 ? ['history'] : []),
    ];
  } finally {
    await endWorld();
  }
}

describe('a message that somebody else recalls', () => {
  it.each<[string, (life: Life, service: Service) => Promise<unknown>]>([
    [
      'it comes in once more',
      (life, service) => {
        const edited = service.messages.map((one) => message(one.id, { ...one, authorName: 'A' }));
        life.link.tell({ kind: 'messages', messages: edited });
        return settle();
      },
    ],
    [
      'its file comes in',
      (life, service) => {
        const carried = { kind: 'file', identity: 'size and name' } as const;
        const body = { text: 'secret file' };
        life.link.tell({ kind: 'messages', messages: [service.send('m3', { body, ...carried })] });
        return settle();
      },
    ],
    ['I recall it', (life) => life.answers.recall(ref, own)],
    ['it is looked at', (life) => life.answers.setManners(defaultManners, own)],
  ])('leaves no word of it while %s, at whatever step of that', async (_, work) => {
    const left: string[] = [];
    let n = 0;
    for (; ; n += 1) {
      const kept = await recallAt(n, work);
      if (!kept) break;
      left.push(...kept.map((one) => `step ${n}: ${one}`));
    }
    expect(n).toBeGreaterThan(3);
    expect(left).toEqual([]);
  });
});
