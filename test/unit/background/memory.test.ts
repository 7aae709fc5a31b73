import { describe, expect, it } from 'vitest';
import { readGlance } from '../../../src/contract/glance.ts';
import type { HistoryTrouble } from '../../../src/history/history.ts';
import type { Message } from '../../../src/message/message.ts';
import { alice, message, recallOf, withoutId } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { begin, deferred, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

/** Lets one step of history fail, or (`''`) every one. */
function fail(life: Life, step: string, trouble: HistoryTrouble): void {
  life.obstruct(({ name }) => (name.startsWith(`history.${step}`) ? trouble : undefined));
}
const mend = (life: Life): void => {
  life.obstruct(() => undefined);
};
async function learn(life: Life, id: string): Promise<boolean> {
  const isLearnt = await life.keepers.memory.learn({ account: alice, messages: [message(id)] });
  await settle();
  return isLearnt;
}

it('a recall is stored also when the popup’s view cannot be written', async () => {
  const sent = service.send('m1');
  const life = await wake(world);
  life.obstruct(({ name, args }) =>
    name === 'session.set' && Object.hasOwn(args[0] as object, 'glance') ? 'full' : undefined,
  );
  const recalls = [recallOf(sent)];
  expect(await life.keepers.memory.learn({ account: alice, recalls })).toBe(true);
  const entry = await life.keepers.memory.use((all) => all.find({ account: alice, id: 'm1' }));
  expect(entry).not.toHaveProperty('body');
});

describe('trouble with history', () => {
  it('is told until a use succeeds', async () => {
    const life = await wake(world);
    fail(life, '', 'corrupt');
    expect(await learn(life, 'm1')).toBe(false);
    expect(await readGlance()).toMatchObject({ trouble: 'history-corrupt', sent: [] });
    // Looking once more does not make it better.
    expect(
      await life.answers.glance(undefined, { kind: 'own', path: '/popup.html' }),
    ).toMatchObject({
      trouble: 'history-corrupt',
    });
    mend(life);
    expect(await learn(life, 'm1')).toBe(true);
    expect(life.keepers.memory.trouble).toBeUndefined();
    expect(await readGlance()).not.toHaveProperty('trouble');
  });

  it('is told also when only reading fails', async () => {
    const life = await wake(world);
    fail(life, 'mine', 'unavailable');
    expect(
      await life.answers.glance(undefined, { kind: 'own', path: '/popup.html' }),
    ).toMatchObject({
      accounts: [{ state: { name: 'connected' } }],
      trouble: 'history-unavailable',
    });
  });

  it('is told when history cannot be opened, which is tried again', async () => {
    service.send('m1');
    const life = await begin(world);
    fail(life, 'open', 'blocked');
    await life.keepers.wake();
    await settle();
    expect(await readGlance()).toMatchObject({ trouble: 'history-blocked' });
    mend(life);
    await life.keepers.rebuild();
    expect(await readGlance()).not.toHaveProperty('trouble');
    expect(await life.keepers.memory.use((history) => history.conversations(alice))).toHaveLength(
      1,
    );
  });

  it('of a full disk is told although reading still works', async () => {
    const life = await wake(world);
    fail(life, 'learn', 'full');
    await learn(life, 'm1');
    expect(
      await life.answers.glance(undefined, { kind: 'own', path: '/popup.html' }),
    ).toMatchObject({
      trouble: 'history-full',
    });
    mend(life);
    await learn(life, 'm1');
    expect(
      await life.answers.glance(undefined, { kind: 'own', path: '/popup.html' }),
    ).not.toHaveProperty('trouble');
  });

  it('does not keep a recall from being asked for', async () => {
    service.send('m1');
    const life = await wake(world);
    fail(life, 'learn', 'full');
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: true });
    expect(service.done).toEqual(['m1']);
  });
});

describe('a kept view', () => {
  const words = 'words of m1';

  async function keptView(): Promise<string> {
    return JSON.stringify(await readGlance());
  }

  it('holds no words of a recalled message when a worker dies before history learns of it', async () => {
    const sent = service.send('m1');
    const life = await wake(world);
    expect(await keptView()).toContain(words);
    life.dies(({ moment, name }) => moment === 'before' && name === 'history.learn');
    life.link.tell({ kind: 'recalls', recalls: [recallOf(sent)] });
    await settle();
    expect(life.isDead).toBe(true);
    expect(await keptView()).not.toContain(words);
  });

  const ways = [
    ['named by its id', (of: Message) => recallOf(of)],
    ['named by its sequence only', (of: Message) => withoutId(recallOf(of))],
  ] as const;

  it.each(ways)(
    'holds no words of a message recalled %s when a worker dies right after learning of it',
    async (_, recall) => {
      const sent = service.send('m1');
      const life = await wake(world);
      expect(await keptView()).toContain(words);
      life.dies(({ moment, name }) => moment === 'after' && name === 'history.learn');
      life.link.tell({ kind: 'recalls', recalls: [recall(sent)] });
      await settle();
      expect(life.isDead).toBe(true);
      expect(await keptView()).not.toContain(words);
    },
  );

  it.each(ways)(
    'holds no words of a message recalled %s whenever a change is told',
    async (_, recall) => {
      const sent = service.send('m1');
      const life = await wake(world);
      expect(await keptView()).toContain(words);
      const seen: string[] = [];
      life.heard = async () => {
        seen.push(await keptView());
      };
      life.link.tell({ kind: 'recalls', recalls: [recall(sent)] });
      await settle();
      expect(seen.length).toBeGreaterThan(0);
      for (const view of seen) expect(view).not.toContain(words);
    },
  );

  it.each(ways)(
    'holds no words of a message recalled %s when it is published while history learns of it',
    async (_, recall) => {
      const sent = service.send('m1');
      service.send('m2');
      const life = await wake(world);
      const learning = deferred<undefined>();
      life.hold(({ name }) => (name === 'history.learn' ? learning.promise : undefined));
      life.link.tell({ kind: 'recalls', recalls: [recall(sent)] });
      await settle();
      const before = life.told.length;
      life.link.become({ name: 'reconnecting' });
      await settle();
      expect(life.told.length).toBeGreaterThan(before);
      expect(await keptView()).not.toContain(words);
      learning.resolve(undefined);
      await settle();
      expect(await keptView()).not.toContain(words);
      // Nothing else is hidden for good.
      expect(await keptView()).toContain('words of m2');
    },
  );

  it('holds no words of a message I recalled whenever its answer is told', async () => {
    service.send('m1');
    const life = await wake(world);
    expect(await keptView()).toContain(words);
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: true });
    expect(await keptView()).not.toContain(words);
    await settle();
    expect(await keptView()).not.toContain(words);
    expect(await readGlance()).toMatchObject({
      sent: [
        { id: 'm1', excerpt: '', placeholder: { key: 'you' }, progress: { state: 'accepted' } },
      ],
    });
  });
});
