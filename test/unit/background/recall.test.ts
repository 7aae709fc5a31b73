import { describe, expect, it, vi } from 'vitest';
import type { RecallOutcome } from '../../../src/message/recall.ts';
import { alice, withBob } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { begin, deferred, ordersStored, settle, wake, worldOf } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
eachWithAlice((made) => {
  ({ service } = made);
});

const ref = (id: string) => ({ account: alice, conversation: withBob, id });

describe('a recall', () => {
  it('is stored before it is sent', async () => {
    service.send('m1');
    const life = await wake(worldOf(service));
    const real = service.recall;
    let storedAtSending: unknown;
    service.recall = async (target) => {
      storedAtSending = await ordersStored();
      return real(target);
    };
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: true });
    expect(storedAtSending).toMatchObject([{ account: alice, id: 'm1', isSent: true }]);
    expect(storedAtSending).not.toHaveProperty('0.outcome');
  });

  it('ends with a tombstone, no words and its outcome stored', async () => {
    service.send('m1');
    const life = await wake(worldOf(service));
    const outcome = await life.keepers.recall(alice, 'm1');
    const entry = await life.keepers.memory.use((history) => history.find(ref('m1')));
    expect(entry).toMatchObject({ recall: { by: 'alice', witness: 'request' } });
    expect(entry).not.toHaveProperty('body');
    expect(await ordersStored()).toMatchObject([{ id: 'm1', outcome, isUntold: false }]);
  });

  it('has the connection looked after first: this computer may have slept', async () => {
    service.send('m1');
    const life = await wake(worldOf(service));
    const poked = vi.spyOn(life.link, 'poke');
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: true });
    expect(poked).toHaveBeenCalled();
  });

  it('stores no words of the message in its order', async () => {
    service.send('m1', { body: { text: 'the secret words' } });
    const life = await wake(worldOf(service));
    await life.keepers.recall(alice, 'm1');
    expect(JSON.stringify(await ordersStored())).not.toContain('secret');
  });

  it('tells a refusal of the service as it is and lets the message be asked for again', async () => {
    service.send('m1');
    const life = await wake(worldOf(service));
    const real = service.recall;
    const refused: RecallOutcome = { ok: false, why: 'switched-off', code: 10041 };
    service.recall = () => Promise.resolve(refused);
    expect(await life.keepers.recall(alice, 'm1')).toEqual(refused);
    expect(await ordersStored()).toMatchObject([{ outcome: refused }]);
    service.recall = real;
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: true });
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
  });

  it('refused at once is told to who asked, and to nobody else', async () => {
    service.send('m1');
    const life = await wake(worldOf(service));
    service.recall = () => Promise.resolve({ ok: false, why: 'switched-off', code: 10041 });
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: false });
    await settle();
    expect(JSON.stringify(life.told)).not.toContain('hasFailedLate');
  });

  it.each([
    ['recall', { account: alice, conversation: withBob, id: 'm1' }],
    ['recallMine', { id: 'm1' }],
  ] as const)(
    'is told elsewhere when who asked (%s) went away meanwhile',
    async (question, wish) => {
      service.send('m1');
      const life = await wake(worldOf(service));
      service.recall = () => Promise.resolve({ ok: false, why: 'switched-off', code: 10041 });
      const ask = life.answers[question] as (wish: object, asker: object) => Promise<RecallOutcome>;
      const popup = { kind: 'own', path: '/popup.html' };
      await ask(wish, popup);
      expect(life.unheard).toEqual([]);
      life.isHeard = false;
      await ask(wish, popup);
      expect(life.unheard).toEqual(['m1']);
      service.recall = () => Promise.resolve({ ok: true, at: service.time() });
      await ask(wish, popup);
      expect(life.unheard).toEqual(['m1']);
    },
  );

  it('of a message nobody knows asks the service nothing', async () => {
    const life = await wake(worldOf(service));
    expect(await life.keepers.recall(alice, 'm9')).toEqual({ ok: false, why: 'not-found' });
    expect(service.asked).toEqual([]);
    expect(await ordersStored()).toEqual([]);
  });

  it('of somebody else’s message asks the service nothing', async () => {
    service.send('m1', { author: 'bob' });
    const life = await wake(worldOf(service));
    expect(await life.keepers.recall(alice, 'm1')).toEqual({ ok: false, why: 'not-allowed' });
    expect(service.asked).toEqual([]);
  });
});

describe('many who ask for one recall', () => {
  it('cause one question and get one answer', async () => {
    service.send('m1');
    const life = await wake(worldOf(service));
    const answer = deferred<RecallOutcome>();
    service.recall = (target) => {
      service.asked.push(target.id);
      return answer.promise;
    };
    const early = [1, 2, 3].map(() => life.keepers.recall(alice, 'm1'));
    await settle();
    const late = life.keepers.recall(alice, 'm1');
    await settle();
    const outcome: RecallOutcome = { ok: true, at: service.time() };
    answer.resolve(outcome);
    expect(await Promise.all([...early, late])).toEqual([outcome, outcome, outcome, outcome]);
    expect(service.asked).toEqual(['m1']);
  });

  it('cause one question from the popup and a page at once', async () => {
    service.send('m1');
    const life = await wake(worldOf(service));
    const answers = await Promise.all([
      life.answers.recall(ref('m1'), { kind: 'own', path: '/popup.html' }),
      life.answers.recall(ref('m1'), {
        kind: 'page',
        origin: 'https://chat.example',
        tab: 1,
        frame: 0,
      }),
    ]);
    expect(answers[0]).toMatchObject({ ok: true });
    expect(answers[1]).toEqual(answers[0]);
    expect(service.asked).toEqual(['m1']);
  });

  it('get the same answer after it was accepted', async () => {
    service.send('m1');
    const world = worldOf(service);
    const life = await wake(world);
    const outcome = await life.keepers.recall(alice, 'm1');
    expect(outcome).toMatchObject({ ok: true });
    expect(await life.keepers.recall(alice, 'm1')).toEqual(outcome);
    life.die();
    expect(await (await wake(world)).keepers.recall(alice, 'm1')).toEqual(outcome);
    expect(service.asked).toEqual(['m1']);
  });

  it('cause one question when they wake the worker themselves', async () => {
    service.send('m1');
    const world = worldOf(service);
    (await wake(world)).die();
    const life = await begin(world);
    const answers = await Promise.all([
      life.keepers.recall(alice, 'm1'),
      life.keepers.recall(alice, 'm1'),
    ]);
    expect(answers[0]).toMatchObject({ ok: true });
    expect(answers[1]).toEqual(answers[0]);
    expect(service.asked).toEqual(['m1']);
    expect(life.links).toHaveLength(1);
  });

  it('are told that they are not signed in as the asked account', async () => {
    service.send('m1');
    const life = await wake(worldOf(service));
    const answer = await life.answers.recall(
      { ...ref('m1'), account: '1:mallory' },
      { kind: 'own', path: '/popup.html' },
    );
    expect(answer).toEqual({ ok: false, why: 'signed-out' });
    expect(service.asked).toEqual([]);
  });
});

it('a recall that stands in line is not stored as one that may have left', async () => {
  const ids = ['m1', 'm2', 'm3', 'm4', 'm5'];
  for (const id of ids) service.send(id);
  service.recall = () => new Promise(() => undefined);
  const life = await wake(worldOf(service));
  for (const id of ids) {
    void life.keepers.recall(alice, id);
    await settle();
  }
  // The line lets four leave before one is answered.
  expect((await ordersStored()).map(({ isSent }) => isSent)).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});
