import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { openWorld, type World } from './world.ts';

const withdraw = 'openim.msgwithdraw';

let world: World;
let popup: Tab;

beforeEach(async () => {
  world = await openWorld();
  await world.signIn('alice', { staysSignedIn: true });
  popup = await world.popup();
  await popup.waitForText('Connected as alice');
});
afterEach(async () => {
  await world.close();
});

async function say(text: string): Promise<StoredMessage> {
  const sent = world.server.post({ from: 'alice', to: 'C2Cbob', text });
  await popup.waitForText(text);
  return sent;
}

const row = (message: { id: string }): string => `li[data-id="${message.id}"]`;
const asked = (): number =>
  world.server.requests.filter(({ servcmd }) => servcmd === withdraw).length;

/** Waits for the one final state of a recall that was accepted: said to the user, true at the server. */
async function isRecalled(message: StoredMessage): Promise<void> {
  await popup.waitFor(
    (selector) =>
      document.querySelector<HTMLElement>(selector)?.innerText.includes('You recalled a message'),
    { args: [row(message)], timeoutMs: 90_000, what: 'the recall to be finished' },
  );
  expect(world.server.message(message).isRecalled).toBe(true);
  expect(await popup.text()).not.toContain(message.text);
}

/** Clicks Recall and kills the worker when the question has reached the server. */
async function recallAndKill(message: StoredMessage): Promise<void> {
  await popup.click(`${row(message)} button`);
  await world.server.waitFor(() => asked() > 0);
  await world.browser.killWorker();
}

describe('a worker killed in the middle of a recall', () => {
  it('finishes it when the answer was on its way', async () => {
    world.server.switches.delayAnswerMs.set(withdraw, 3_000);
    const sent = await say('answer on its way');
    await recallAndKill(sent);
    world.server.switches.delayAnswerMs.clear();
    await popup.reload();
    await isRecalled(sent);
  });

  it('finishes it when the server did it and the answer was lost, without asking twice', async () => {
    world.server.switches.silent.set(withdraw, 'done');
    const sent = await say('answer lost');
    await recallAndKill(sent);
    world.server.switches.silent.clear();
    await popup.reload();
    await isRecalled(sent);
    expect(asked()).toBe(1);
  });

  it('asks again when the server never did it', async () => {
    world.server.switches.silent.set(withdraw, 'ignored');
    const sent = await say('question lost');
    await recallAndKill(sent);
    world.server.switches.silent.clear();
    await popup.reload();
    await isRecalled(sent);
    expect(asked()).toBe(2);
  });

  it('finishes it by itself, with no page of Unsay open', async () => {
    world.server.switches.silent.set(withdraw, 'ignored');
    const sent = await say('nobody looks');
    await popup.click(`${row(sent)} button`);
    await world.server.waitFor(() => asked() > 0);
    await popup.close();
    await world.browser.killWorker();
    world.server.switches.silent.clear();
    // The alarm is the only thing left that can wake it.
    await world.server.waitFor(() => world.server.message(sent).isRecalled, { timeoutMs: 90_000 });
  });
});

describe('a recall asked for while the server cannot be reached', () => {
  it('outlives the worker and is done when the server is back', async () => {
    const sent = await say('server away');
    await world.server.stop();
    await popup.waitForText('Reconnecting');
    await popup.click(`${row(sent)} button`);
    await popup.waitForText('Waiting for the connection');
    await world.browser.killWorker();
    await world.server.start();
    await popup.reload();
    await isRecalled(sent);
  });

  it('outlives a crash of the whole browser', async () => {
    const sent = await say('browser crashed');
    await world.server.stop();
    await popup.waitForText('Reconnecting');
    await popup.click(`${row(sent)} button`);
    await popup.waitForText('Waiting for the connection');
    await world.browser.restart({ isCrash: true });
    await world.server.start();
    popup = await world.popup();
    await isRecalled(sent);
  });

  it('is said to have come too late when its time ran out meanwhile', async () => {
    const options = await world.browser.open(world.browser.extensionUrl('options.html'));
    // Long enough to click in also on a busy machine.
    await options.fill({ label: 'Recall window (seconds)' }, '10');
    await options.press('Enter');
    await options.close();
    const sent = await say('no time left');
    await world.server.stop();
    // What goes out before the loss is noticed may have arrived: then nobody can say so soon.
    await popup.waitForText('Reconnecting');
    await popup.click(`${row(sent)} button`);
    await popup.waitFor(
      (selector) =>
        document
          .querySelector<HTMLElement>(selector)
          ?.innerText.includes('could not be reached in time'),
      { args: [row(sent)], timeoutMs: 90_000, what: 'the end to be said' },
    );
    await world.server.start();
    await popup.waitFor(() => document.body.innerText.includes('Connected as alice'), {
      timeoutMs: 90_000,
      what: 'the connection to come back',
    });
    expect(world.server.message(sent).isRecalled).toBe(false);
  });
});

describe('many recalls while the worker is killed again and again, and the browser once', () => {
  const count = 24;

  /** Asks the worker as Unsay's own pages do; wakes it. */
  async function ask<T>(question: string, content?: unknown): Promise<T> {
    const reply = await popup.evaluate(
      (name, what) => {
        const { browser, chrome } = globalThis as unknown as Record<
          'browser' | 'chrome',
          { runtime: { sendMessage: (message: unknown) => Promise<unknown> } } | undefined
        >;
        const sent = (browser ?? chrome)?.runtime.sendMessage({ 'unsay-ask': name, content: what });
        // A worker killed with a question in its hands answers nothing.
        return Promise.resolve(sent).catch(() => undefined);
      },
      question,
      content ?? null,
    );
    return (reply as { answer?: T } | undefined)?.answer as T;
  }

  it('loses none, does none twice, and ends each', { timeout: 120_000 }, async () => {
    const { server, browser } = world;
    server.switches.delayAnswerMs.set(withdraw, 250);
    const sent = Array.from({ length: count }, (_, i) =>
      server.post({ from: 'alice', to: i % 3 === 0 ? 'GROUPteam' : 'C2Cbob', text: `no ${i}` }),
    );
    await popup.waitForText(`no ${count - 1}`);
    const account = `${server.sdkAppId}:alice`;
    const refs = sent.map(({ id }, i) => ({
      ...{ account, id, conversation: i % 3 === 0 ? 'GROUPteam' : 'C2Cbob' },
    }));
    expect(await ask('sweepStart', { refs })).toMatchObject({
      sweep: expect.any(String) as string,
    });

    const isDone = (): boolean => sent.every((one) => server.message(one).isRecalled);
    for (let kill = 0; kill < 5 && !isDone(); kill += 1) {
      const { length } = server.requests;
      await server.waitFor(() => isDone() || server.requests.length > length + (kill % 3));
      await browser.killWorker();
      // Wakes the next one, which may be killed before it answers.
      void ask('glance').catch(() => undefined);
    }
    await browser.restart({ isCrash: true });
    server.switches.delayAnswerMs.clear();
    popup = await world.popup();
    await server.waitFor(isDone, { timeoutMs: 60_000 });

    interface Line {
      readonly id: string;
      readonly outcome: { readonly ok: boolean };
    }
    const ends = async (): Promise<string[]> =>
      ((await ask<Line[] | undefined>('recallLog')) ?? [])
        .filter(({ outcome }) => outcome.ok)
        .map(({ id }) => id)
        .sort();
    await expect.poll(ends, { timeout: 45_000 }).toEqual(sent.map(({ id }) => id).sort());
    const accepted = server.requests.filter(
      ({ servcmd, code, isReplay }) =>
        (servcmd === withdraw || servcmd.endsWith('group_msg_recall')) && code === 0 && !isReplay,
    );
    // The service does each once; a second question would have been refused.
    expect(accepted.length).toBeLessThanOrEqual(count);
    const questions = server.requests.filter(({ servcmd }) => /withdraw|msg_recall/u.test(servcmd));
    // Those whose answer died with a worker were looked up, not asked again.
    expect(questions.length).toBeLessThanOrEqual(count + 6 * 4);
    await expect.poll(() => popup.text()).not.toMatch(/\bno \d/u);
  });
});
