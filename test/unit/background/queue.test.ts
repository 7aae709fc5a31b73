import { describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { placeOrders, type Order } from '../../../src/background/orders.ts';
import { readLog } from '../../../src/background/recall-log.ts';
import { readKept } from '../../../src/background/reedit.ts';
import type { Message } from '../../../src/message/message.ts';
import type { RecallOutcome, Refusal } from '../../../src/message/recall.ts';
import { alice, recallOf, team, withBob } from '../history/fixtures.ts';
import { eachWithAlice } from './in-world.ts';
import { ordersStored, pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

let service: Service;
let world: World;
eachWithAlice((made) => {
  ({ service, world } = made);
});

const minute = 60_000;
const own = { kind: 'own', path: '/popup.html' } as const;
const ref = (id: string) => ({ account: alice, conversation: withBob, id });
const lost: RecallOutcome = { ok: false, why: 'waiting', code: 2801 };

/** Asks for a recall; gives its answers as they come. */
function ask(life: Life, id: string): RecallOutcome[] {
  const answers: RecallOutcome[] = [];
  void life.answers.recall(ref(id), own).then((answer) => {
    answers.push(answer);
  });
  return answers;
}

/** The messages of which was told that their recall failed, though nobody waits for the answer. */
function toldLate({ told }: Life): readonly string[] {
  return told.flatMap((change) =>
    change === 'account' || !change.hasFailedLate ? [] : [...change.ids],
  );
}

/** What is said of them then. The modules are each worker's own. */
async function failedIn({ keepers }: Life, id: string) {
  const { LastMessage } = await import('../../../src/background/last.ts');
  return new LastMessage(keepers).failed([id]);
}

/** The service hands a message out as it does to every session. */
function deliver(life: Life, id: string): void {
  life.link.tell({ kind: 'messages', messages: [service.send(id)] });
}

describe('a message that is still being sent', () => {
  it('is recalled once, as soon as it is out', async () => {
    const life = await wake(world);
    const answers = ask(life, 'm1');
    ask(life, 'm1');
    await pass(3_000);
    expect(service.asked).toEqual([]);
    deliver(life, 'm1');
    await settle();
    expect(service.done).toEqual(['m1']);
    expect(answers).toMatchObject([{ ok: true }]);
    await pass(2 * minute, 5_000);
    expect(service.asked).toEqual(['m1']);
  });

  it('is found also when the link missed it', async () => {
    const life = await wake(world);
    const answers = ask(life, 'm1');
    await settle();
    service.send('m1');
    await pass(2_000);
    expect(service.done).toEqual(['m1']);
    expect(answers).toMatchObject([{ ok: true }]);
  });

  it('is recalled by a later worker', async () => {
    const life = await wake(world);
    ask(life, 'm1');
    await settle();
    life.die();
    service.send('m1');
    await wake(world);
    await pass(2_000);
    expect(service.done).toEqual(['m1']);
    expect(await fakeBrowser.storage.local.get('awaited')).toEqual({ awaited: [] });
  });

  it('is answered for honestly when it never comes', async () => {
    const life = await wake(world);
    const early = ask(life, 'm1');
    await pass(21_000);
    expect(early).toEqual([{ ok: false, why: 'waiting' }]);
    const late = ask(life, 'm1');
    await pass(minute);
    expect(late.at(-1)).toMatchObject({ ok: false });
    expect(await readLog()).toMatchObject([{ id: 'm1', outcome: { why: 'never-came' } }]);
    expect(service.asked).toEqual([]);
    expect(await fakeBrowser.storage.local.get('awaited')).toEqual({ awaited: [] });
    // It came after all: nobody recalls it behind anybody's back.
    deliver(life, 'm1');
    await pass(minute, 5_000);
    expect(service.asked).toEqual([]);
  });

  it('that never comes is told late, once who asked was told to wait, and only then', async () => {
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    const answers = ask(life, 'm1');
    await pass(5_000);
    expect(answers).toMatchObject([{ ok: false, why: 'waiting' }]);
    expect(toldLate(life)).toEqual([]);
    await pass(minute, 1_000);
    expect(toldLate(life)).toEqual(['m1']);
    expect(await failedIn(life, 'm1')).toMatchObject([
      {
        sent: { account: alice, conversation: withBob, conversationName: 'bob' },
        outcome: { ok: false, why: 'unreachable' },
      },
    ]);
  });

  it('that never comes is told who still waits for the answer, and nobody else', async () => {
    const life = await wake(world);
    ask(life, 'm1');
    await pass(45_000, 1_000);
    const answers = ask(life, 'm1');
    life.isHeard = false;
    await pass(20_000, 1_000);
    expect(answers).toMatchObject([{ ok: false, why: 'never-came' }]);
    expect(toldLate(life)).toEqual([]);
    // The popup it was asked from is gone: somebody else is to say it.
    expect(life.unheard).toEqual(['m1']);
    expect(await failedIn(life, 'm1')).toMatchObject([{ outcome: { why: 'never-came' } }]);
  });

  it('that may not be recalled once it has come is told late, too', async () => {
    const life = await wake(world);
    ask(life, 'm1');
    ask(life, 'm2');
    await pass(25_000, 1_000);
    // Sent long ago by what the service says of it.
    const time = Math.floor(service.time() / 1000) - 90_000;
    const others = service.send('m2', { author: 'bob' });
    const messages = [service.send('m1', { time }), others];
    life.link.tell({ kind: 'messages', messages });
    await pass(1_000);
    expect(service.asked).toEqual([]);
    expect(toldLate(life)).toEqual(['m1', 'm2']);
    expect(await failedIn(life, 'm1')).toMatchObject([
      { sent: { id: 'm1' }, outcome: { ok: false, why: 'too-late' } },
    ]);
    // It was nobody's message of mine.
    expect(await failedIn(life, 'm2')).toEqual([]);
  });

  it('is not told to have failed where its recall is asked for again', async () => {
    const life = await wake(world);
    ask(life, 'm1');
    await pass(65_000, 1_000);
    expect(await failedIn(life, 'm1')).toHaveLength(1);
    ask(life, 'm1');
    await settle();
    expect(await failedIn(life, 'm1')).toEqual([]);
  });

  it('stays waited for while history cannot be used', async () => {
    const life = await wake(world);
    const answers = ask(life, 'm1');
    await settle();
    life.obstruct(({ name }) => (name.startsWith('history.find') ? 'unavailable' : undefined));
    await pass(3_000);
    expect(answers).toEqual([{ ok: false, why: 'waiting' }]);
    life.obstruct(() => undefined);
    deliver(life, 'm1');
    await life.keepers.tend();
    await settle();
    expect(service.done).toEqual(['m1']);
  });

  it('of somebody else is not recalled', async () => {
    const life = await wake(world);
    const answers = ask(life, 'm1');
    await settle();
    life.link.tell({ kind: 'messages', messages: [service.send('m1', { author: 'bob' })] });
    await settle();
    expect(answers).toEqual([{ ok: false, why: 'not-allowed' }]);
    expect(service.asked).toEqual([]);
  });
});

describe('the row of a message that is still being sent', () => {
  const page = { kind: 'page', origin: 'https://chat.example', tab: 1, frame: 0 } as const;
  const idOf = (tinyId: string, age = 0): string =>
    `${tinyId}-${Math.floor(service.time() / 1000) - age}-7`;
  const look = async (life: Life, ids: string[], here: string | undefined = withBob) =>
    (await life.answers.look({ ids, ...(here && { here }) }, page)).rows;

  /** A worker that knows by an earlier message which ids are mine. */
  async function wakeKnowing(): Promise<Life> {
    service.send(idOf('144', 500));
    return wake(world);
  }

  it('offers a recall, which is sent when the message is out', async () => {
    const life = await wakeKnowing();
    const id = idOf('144');
    const [row] = await look(life, [id]);
    expect(row).toMatchObject({ id, conversation: withBob, isMine: true, isAtLeast: true });
    expect(row?.until).toBeGreaterThan(service.time());
    void life.answers.recall({ account: alice, conversation: withBob, id }, page);
    await settle();
    expect(await look(life, [id])).toMatchObject([{ id, progress: { state: 'waiting' } }]);
    // It may take its time, once it is waited for.
    await pass(20_000);
    expect(await look(life, [id])).toMatchObject([{ id, progress: { state: 'waiting' } }]);
    expect(service.asked).toEqual([]);
    deliver(life, id);
    await settle();
    expect(service.done).toEqual([id]);
    expect(await look(life, [id])).toMatchObject([{ id, placeholder: { key: 'you' } }]);
  });

  it('offers none for what somebody else, or nobody known, sends', async () => {
    const life = await wakeKnowing();
    expect(await look(life, [idOf('145'), 'draft-1', idOf('144x'), '1-2-3'])).toEqual([]);
    expect(await look(life, [idOf('144')], '')).toEqual([]);
  });

  it('offers none once it takes too long, nor for what is to be sent in the future', async () => {
    const life = await wakeKnowing();
    expect(await look(life, [idOf('144', 16), idOf('144', -10)])).toEqual([]);
  });

  it('offers one also when all I wrote before was recalled', async () => {
    const life = await wakeKnowing();
    const [before] = service.messages;
    service.windowSeconds = 3_600;
    expect(await life.keeper.recall(before?.id ?? '')).toMatchObject({ ok: true });
    expect(await look(life, [idOf('144')])).toHaveLength(1);
  });

  it('offers none before a message of mine was seen', async () => {
    const life = await wake(world);
    expect(await look(life, [idOf('144')])).toEqual([]);
  });

  it('has what history knows of it as soon as it knows it', async () => {
    const life = await wakeKnowing();
    const id = idOf('144');
    deliver(life, id);
    await settle();
    const rows = await look(life, [id]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.until).toBeGreaterThan(service.time() + 100_000);
  });
});

describe('a recall nobody answers, of a conversation nobody can read', () => {
  it('ends, and is said to be open', async () => {
    service.recall = (target) => {
      service.asked.push(target.id);
      return Promise.resolve(lost);
    };
    service.send('m1');
    const life = await wake(world);
    service.since = () => Promise.reject(new Error('no answer'));
    ask(life, 'm1');
    await pass(13 * minute, 5_000);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: false, why: 'unanswered' } }]);
    const asked = service.asked.length;
    await pass(2 * minute, 5_000);
    expect(service.asked).toHaveLength(asked);
  });

  it('is not called too late when it may have been done in time', async () => {
    const real = service.recall;
    service.recall = async (target) => {
      await real(target);
      return lost;
    };
    service.send('m1');
    const life = await wake(world);
    const { since } = service;
    service.since = () => Promise.reject(new Error('no answer'));
    ask(life, 'm1');
    await settle();
    service.recall = () => Promise.resolve({ ok: false, why: 'too-late', code: 20016 });
    await pass(2_000);
    expect(await ordersStored()).toMatchObject([
      { outcome: { ok: false, why: 'unanswered', code: 20016 } },
    ]);
    // The service's history tells the truth as soon as it can be read.
    service.since = since;
    await life.keeper.catchUp();
    const { sent } = await life.answers.glance(undefined, own);
    expect(sent).toMatchObject([{ id: 'm1', placeholder: { key: 'you' } }]);
  });

  /** The service does it, but its answer is lost, and it cannot be looked up; then it says this. */
  async function loseAndHear(why: Refusal): Promise<{ readonly life: Life; look: () => void }> {
    const real = service.recall;
    service.recall = async (target) => {
      await real(target);
      return lost;
    };
    service.send('m1');
    const life = await wake(world);
    const { since } = service;
    service.since = () => Promise.reject(new Error('no answer'));
    ask(life, 'm1');
    await settle();
    service.recall = () => Promise.resolve({ ok: false, why, code: 39_999 });
    await pass(2_000);
    return {
      life,
      look() {
        service.since = since;
      },
    };
  }

  it.each(['signed-out', 'signed-in-elsewhere', 'signature-expired'] as const)(
    'is not over when it is %s: it is looked up by whoever is signed in next',
    async (why) => {
      const { life, look } = await loseAndHear(why);
      expect((await ordersStored())[0]?.outcome).toBeUndefined();
      look();
      await life.keepers.tend();
      await settle();
      expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
    },
  );

  it.each(['unknown', 'not-allowed', 'group-gone'] as const)(
    'is left open when it is refused as %s, which it was not before',
    async (why) => {
      await loseAndHear(why);
      expect(await ordersStored()).toMatchObject([{ outcome: { why: 'unanswered' } }]);
    },
  );

  it('is refused when nothing of its kind can be done', async () => {
    service.send('m1');
    const life = await wake(world);
    service.since = () => Promise.reject(new Error('no answer'));
    service.recall = () => Promise.resolve(lost);
    ask(life, 'm1');
    await settle();
    service.recall = () => Promise.resolve({ ok: false, why: 'switched-off', code: 10_041 });
    await pass(2_000);
    expect(await ordersStored()).toMatchObject([{ outcome: { why: 'switched-off' } }]);
  });

  it('ends within a day when there is no connection any more', async () => {
    service.recall = () => Promise.resolve(lost);
    service.send('m1');
    const life = await wake(world);
    ask(life, 'm1');
    await settle();
    life.link.become({ name: 'reconnecting' });
    await pass(3_000);
    life.die();
    service.opens = undefined;
    await pass(25 * 60 * minute, 10 * minute);
    await wake(world);
    await pass(minute);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: false, why: 'unanswered' } }]);
  });
});

describe('a recall in a group, which a second question calls not found', () => {
  const gone: RecallOutcome = { ok: false, why: 'not-found', code: 10030 };

  /** The first question is done, but its answer is lost. */
  function loseAnswer(sent: Message): void {
    service.recall = (target) => {
      service.asked.push(target.id);
      if (service.asked.length > 1) return Promise.resolve(gone);
      service.take(sent);
      return Promise.resolve(lost);
    };
  }

  it('is done, and verified, when the service’s history has it', async () => {
    const sent = service.send('m1', { conversation: team });
    const life = await wake(world);
    loseAnswer(sent);
    // It is done after it was looked for.
    const { since } = service;
    let looked = 0;
    service.since = async (...asked) => {
      const stretch = await since(...asked);
      return (looked += 1) === 1 ? { ...stretch, recalls: [] } : stretch;
    };
    void life.keepers.recall(alice, 'm1');
    await pass(5_000);
    const [order] = await ordersStored();
    expect(service.asked).toHaveLength(2);
    expect(order).toMatchObject({ outcome: { ok: true } });
    expect(order?.verifiedAt).toBeGreaterThan(0);
    expect(
      await life.keepers.memory.use((history) => history.find({ account: alice, id: 'm1' })),
    ).toMatchObject({ recall: { by: 'alice' } });
  });

  it('is left open when it cannot be looked up', async () => {
    const sent = service.send('m1', { conversation: team });
    const life = await wake(world);
    loseAnswer(sent);
    service.since = () => Promise.reject(new Error('no answer'));
    void life.keepers.recall(alice, 'm1');
    await pass(20_000);
    expect(await ordersStored()).toMatchObject([
      { outcome: { ok: false, why: 'unanswered', code: 10030 } },
    ]);
  });

  it('is looked up when the connection, broken just then, is back', async () => {
    const sent = service.send('m1', { conversation: team });
    const life = await wake(world);
    const { since } = service;
    // The SDK asked twice for it, and could not look it up before the next break.
    service.recall = () => {
      service.take(sent);
      service.since = () => Promise.reject(new Error('no connection'));
      life.link.become({ name: 'reconnecting' });
      return Promise.resolve(gone);
    };
    void life.keepers.recall(alice, 'm1');
    await pass(minute, 5_000);
    service.since = since;
    life.link.become({ name: 'connected' });
    await pass(5_000);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
    expect(await readLog()).toMatchObject([{ id: 'm1', outcome: { ok: true } }]);
  });

  it('is looked up until the service hands out its history', async () => {
    const sent = service.send('m1', { conversation: team });
    const life = await wake(world);
    const { since } = service;
    service.recall = () => {
      service.take(sent);
      service.since = () => Promise.reject(new Error('no answer'));
      return Promise.resolve(gone);
    };
    const answers: RecallOutcome[] = [];
    void life.keepers.recall(alice, 'm1').then((answer) => answers.push(answer));
    await pass(3_000);
    service.since = since;
    await pass(5_000);
    expect(answers).toMatchObject([{ ok: true }]);
  });

  it('was done by somebody else when it had not been asked for', async () => {
    const sent = service.send('m1', { conversation: team });
    const life = await wake(world);
    service.take(sent, 'boss');
    service.recall = () => Promise.resolve(gone);
    expect(await life.keepers.recall(alice, 'm1')).toEqual({ ...gone, why: 'already-recalled' });
  });

  it('was my own doing when the SDK asked twice for it, which nobody is told', async () => {
    const sent = service.send('m1', { conversation: team });
    const life = await wake(world);
    // The connection broke when the service had done it; the SDK sent the same once more.
    service.recall = () => {
      service.take(sent);
      return Promise.resolve(gone);
    };
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: true });
    const [order] = await ordersStored();
    expect(order?.verifiedAt).toBeGreaterThan(0);
    // Its words can be taken back.
    expect(await readKept(Date.now())).toMatchObject([{ id: 'm1' }]);
  });

  it('is not found when the service’s history does not have it', async () => {
    service.send('m1', { conversation: team });
    const life = await wake(world);
    service.recall = (target) => {
      service.asked.push(target.id);
      return Promise.resolve(service.asked.length > 1 ? gone : lost);
    };
    void life.keepers.recall(alice, 'm1');
    await pass(5_000);
    expect(await ordersStored()).toMatchObject([{ outcome: gone }]);
  });
});

describe('a recall while the connection comes and goes', () => {
  it.each([
    ['too-late', 20_016],
    ['already-recalled', 20_023],
  ] as const)(
    'is my own doing where the SDK asked twice for it and heard %s',
    async (why, code) => {
      const sent = service.send('m1');
      const life = await wake(world);
      service.recall = (target) => {
        service.asked.push(target.id);
        if (service.asked.length === 1) {
          service.take(sent);
          life.link.become({ name: 'reconnecting' });
          life.link.become({ name: 'connected' });
        }
        return Promise.resolve({ ok: false, why, code });
      };
      const answers = ask(life, 'm1');
      await pass(5_000);
      expect(answers).toMatchObject([{ ok: true }]);
      expect((await ordersStored())[0]?.verifiedAt).toBeGreaterThan(0);
    },
  );

  it('is refused where it was asked twice for and not done', async () => {
    service.send('m1');
    const life = await wake(world);
    service.recall = (target) => {
      service.asked.push(target.id);
      life.link.become({ name: 'reconnecting' });
      life.link.become({ name: 'connected' });
      if (service.asked.length > 1) service.recall = () => Promise.resolve(refused);
      return Promise.resolve(refused);
    };
    const refused: RecallOutcome = { ok: false, why: 'not-allowed', code: 10_007 };
    const answers = ask(life, 'm1');
    await pass(10_000);
    expect(answers).toEqual([refused]);
  });

  it('is asked for again at once when it is back, whatever pause was begun', async () => {
    service.send('m1');
    const life = await wake(world);
    const { recall } = service;
    service.recall = () => Promise.resolve(lost);
    const answers = ask(life, 'm1');
    // Each pause is longer than the one before.
    await pass(8_000);
    life.link.become({ name: 'reconnecting' });
    service.recall = recall;
    life.link.become({ name: 'connected' });
    await settle();
    expect(service.done).toEqual(['m1']);
    expect(answers).toMatchObject([{ ok: true }]);
  });

  it('is not asked for when it is lost just before the question leaves', async () => {
    service.send('m1');
    const life = await wake(world);
    life.hold(({ name, args }) => {
      if (name !== 'local.set' || !JSON.stringify(args).includes('"isSent":true')) return;
      life.link.become({ name: 'reconnecting' });
      return Promise.resolve();
    });
    ask(life, 'm1');
    await pass(5_000);
    expect(service.asked).toEqual([]);
    life.hold(() => undefined);
    life.link.become({ name: 'connected' });
    await settle();
    expect(service.asked).toEqual(['m1']);
  });

  it('has the connection looked for at once', async () => {
    service.send('m1');
    const life = await wake(world);
    life.link.become({ name: 'reconnecting' });
    const poked = vi.spyOn(life.link, 'poke');
    // Not by waking, which looks after it, too.
    void life.keeper.recall('m1');
    await settle();
    expect(poked).toHaveBeenCalledOnce();
  });
});

describe('a recall of which the answer was lost', () => {
  it('was somebody else’s where the service’s history says so', async () => {
    const sent = service.send('m1', { conversation: team });
    const life = await wake(world);
    service.recall = () => {
      service.take(sent, 'owner');
      return Promise.resolve(lost);
    };
    const answers: RecallOutcome[] = [];
    const asked = { account: alice, conversation: team, id: 'm1' };
    void life.answers.recall(asked, own).then((answer) => answers.push(answer));
    await pass(3_000);
    expect(answers).toEqual([{ ok: false, why: 'already-recalled' }]);
    expect(await readLog()).toMatchObject([{ id: 'm1', outcome: { ok: false } }]);
  });
});

describe('a recall that could not be stored', () => {
  /** Lets the next writings of orders fail. */
  function failStoring(life: Life, times: number): void {
    let left = times;
    life.obstruct(({ name, args: [items] }) => {
      const isOrders = name === 'local.set' && Object.hasOwn(items as object, 'orders');
      return isOrders && left-- > 0 ? 'full' : undefined;
    });
  }

  it('is stored as soon as it can be, and sent', async () => {
    service.send('m1');
    const life = await wake(world);
    failStoring(life, 1);
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: true });
    expect(service.asked).toEqual(['m1']);
    expect(await ordersStored()).toMatchObject([{ id: 'm1', isSent: true, outcome: { ok: true } }]);
  });

  it('is sent all the same while nothing can be stored', async () => {
    service.send('m1');
    const life = await wake(world);
    failStoring(life, Infinity);
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ ok: true });
    expect(service.done).toEqual(['m1']);
  });
});

describe('an accepted recall', () => {
  it('is verified when the service’s history has it', async () => {
    service.send('m1');
    const life = await wake(world);
    await life.keeper.recall('m1');
    expect((await ordersStored())[0]).not.toHaveProperty('verifiedAt');
    await pass(3_000);
    const [order] = await ordersStored();
    expect(order?.verifiedAt).toBeGreaterThan(0);
    expect(await readLog()).toMatchObject([{ id: 'm1', verifiedAt: order?.verifiedAt }]);
  });

  it('is verified by a later worker', async () => {
    service.send('m1');
    const life = await wake(world);
    await life.keeper.recall('m1');
    life.die();
    await wake(world);
    await pass(3_000);
    expect((await ordersStored())[0]?.verifiedAt).toBeGreaterThan(0);
  });

  it('is not called verified as long as the service’s history does not have it', async () => {
    service.send('m1');
    const life = await wake(world);
    service.recall = () => Promise.resolve({ ok: true, at: service.time() });
    await life.keeper.recall('m1');
    await pass(5 * minute, 5_000);
    expect(await ordersStored()).toMatchObject([{ outcome: { ok: true } }]);
    expect((await ordersStored())[0]).not.toHaveProperty('verifiedAt');
    expect(service.read.length).toBeLessThan(10);
  });

  it('is not looked for without end where the service’s history never has it', async () => {
    service.send('m1');
    const life = await wake(world);
    service.recall = () => Promise.resolve({ ok: true, at: service.time() });
    await life.keeper.recall('m1');
    let looks = 0;
    const { since } = service;
    service.since = (conversation, time, most) => {
      // Searches for recalls nobody told of read less.
      if (most > 1_000) looks += 1;
      return since(conversation, time, most);
    };
    const tend = async (minutes: number): Promise<number> => {
      looks = 0;
      for (let i = 0; i < 2 * minutes; i += 1) {
        await pass(minute / 2, 10_000);
        await life.keepers.tend();
      }
      return looks;
    };
    expect(await tend(15)).toBe(3);
    life.die();
    const later = await wake(world);
    looks = 0;
    await pass(5 * minute, 10_000);
    expect(looks).toBe(0);
    expect(later.isDead).toBe(false);
  });

  it('is looked for again after it could not be read', async () => {
    service.send('m1');
    const life = await wake(world);
    await life.keeper.recall('m1');
    const { since } = service;
    service.since = () => Promise.reject(new Error('no answer'));
    await pass(2 * minute, 5_000);
    service.since = since;
    await life.keepers.tend();
    await pass(5_000);
    expect((await ordersStored())[0]?.verifiedAt).toBeGreaterThan(0);
  });

  it('is noted to have been echoed, also when the notice is quicker than the answer', async () => {
    const sent = service.send('m1');
    const other = service.send('m2');
    const life = await wake(world);
    const real = service.recall;
    service.recall = async (target) => {
      const answer = await real(target);
      const recalls = [recallOf(sent, { by: 'alice' }), recallOf(other, { by: 'bob' })];
      life.link.tell({ kind: 'recalls', recalls });
      await settle();
      return answer;
    };
    await life.keeper.recall('m1');
    service.recall = real;
    expect((await readLog())[0]?.noticedAt).toBe(service.time());
  });

  it('is written down without a word, by whom and of whom', async () => {
    service.send('m1', { body: { text: 'the secret words' } });
    const life = await wake(world);
    await life.keeper.recall('m1');
    const log = await readLog();
    expect(JSON.stringify(log)).not.toContain('secret');
    expect(log).toMatchObject([
      { ...ref('m1'), kind: 'text', askedAt: service.time(), outcome: { ok: true } },
    ]);
  });
});

describe('words kept to put them back', () => {
  const words = async (): Promise<unknown> =>
    (await fakeBrowser.storage.session.get('reedit')).reedit ?? [];

  it('are kept once I have recalled it', async () => {
    service.send('m1');
    const life = await wake(world);
    await life.keepers.recall(alice, 'm1');
    expect(await words()).toMatchObject([{ id: 'm1' }]);
  });

  it('go with a recall that was refused', async () => {
    service.windowSeconds = 1;
    service.send('m1', { time: Math.floor(service.time() / 1000) - 50 });
    const life = await wake(world);
    expect(await life.keepers.recall(alice, 'm1')).toMatchObject({ why: 'too-late' });
    expect(await words()).toEqual([]);
  });

  it('go when somebody else recalls the message meanwhile', async () => {
    const sent = service.send('m1');
    const life = await wake(world);
    service.recall = () => new Promise(() => undefined);
    void life.keepers.recall(alice, 'm1');
    await settle();
    expect(await words()).toMatchObject([{ id: 'm1' }]);
    life.link.tell({ kind: 'recalls', recalls: [recallOf(sent, { by: 'boss' })] });
    await settle();
    expect(await words()).toEqual([]);
  });
});

it('lets the earliest deadline go first when the connection comes back', async () => {
  const now = Math.floor(service.time() / 1000);
  for (let i = 0; i < 8; i += 1) service.send(`m${i}`, { time: now - 10 * i });
  (await wake(world)).die();
  service.opens = undefined;
  const life = await wake(world);
  for (let i = 0; i < 8; i += 1) void life.keepers.recall(alice, `m${i}`);
  await settle();
  life.link.become({ name: 'connected' });
  await pass(3_000, 50);
  expect(service.asked).toEqual(['m7', 'm6', 'm5', 'm4', 'm3', 'm2', 'm1', 'm0']);
});

it('keeps five hundred orders, and gives up none that is not over', async () => {
  const order = (i: number): Order => ({
    ...{ account: alice, conversation: withBob, id: `m${i}`, author: 'alice', sequence: i },
    ...{ random: i, time: 1, askedAt: 1, until: 2, isSent: false },
  });
  const done = { ...order(0), outcome: { ok: true, at: 1 }, endedAt: 1 } as const;
  await fakeBrowser.storage.local.set({
    orders: [...Array.from({ length: 498 }, (_, i) => order(i + 1)), done],
  });
  expect(await placeOrders([order(500)])).toMatchObject([{ id: 'm500' }]);
  expect(await placeOrders([order(501)])).toMatchObject([{ id: 'm501' }]);
  expect((await ordersStored()).some(({ id }) => id === 'm0')).toBe(false);
  expect(await placeOrders([order(502)])).toEqual([undefined]);
  expect(await ordersStored()).toHaveLength(500);
});
