import { describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { alice, withBob } from '../history/fixtures.ts';
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

const stored = async (): Promise<string> =>
  JSON.stringify([await fakeBrowser.storage.local.get(), await fakeBrowser.storage.session.get()]);

/**
 * Does `work`, and signs out while its step number `n` is being taken. Gives what is stored in the end;
 * undefined where there are fewer steps.
 */
async function signOutAt(
  n: number,
  work: (life: Life, service: Service) => Promise<unknown>,
): Promise<string | undefined> {
  beginWorld();
  const service = new Service();
  try {
    await keepSignedIn();
    service.send('m1', { body: { text: 'secret words' } });
    const life = await wake(worldOf(service));
    const step = deferred<undefined>();
    let steps = 0;
    life.hold(() => (steps++ === n ? step.promise : undefined));
    work(life, service).catch(() => undefined);
    await settle();
    if (steps <= n) return undefined;
    const leaving = life.keepers.signOut();
    await settle();
    step.resolve(undefined);
    await leaving;
    await settle();
    return await stored();
  } finally {
    await endWorld();
  }
}

describe('an account that is left', () => {
  it.each<[string, (life: Life, service: Service) => Promise<unknown>]>([
    ['a recall', (life) => life.keepers.recall(alice, 'm1')],
    [
      'a recall of a message on its way',
      (life) => life.keepers.recall(alice, 'm9', { conversation: withBob }),
    ],
    [
      'a recall that is refused',
      (life, service) => {
        service.windowSeconds = -100;
        return life.keepers.recall(alice, 'm1');
      },
    ],
    [
      'a sweep',
      async (life) => {
        const sweep = crypto.randomUUID();
        const refs = [{ account: alice, conversation: withBob, id: 'm1' }];
        await life.sweeps.start({ sweep, refs });
        await life.sweeps.stop(sweep);
      },
    ],
  ])('leaves nothing of %s, at whatever step of it', async (_, work) => {
    const left: string[] = [];
    let n = 0;
    for (; ; n += 1) {
      const all = await signOutAt(n, work);
      if (all === undefined) break;
      for (const word of ['secret words', '"m1"', '"m9"']) {
        if (all.includes(word)) left.push(`step ${n}: ${word} in ${all}`);
      }
    }
    expect(n).toBeGreaterThan(5);
    expect(left).toEqual([]);
  });
});
