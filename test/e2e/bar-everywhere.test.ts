import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import { until } from '../browsers/until.ts';
import type { Peer } from '../chat-server/peer.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { openWorld, type World } from './world.ts';

const composer = '.composer textarea';
const withdraw = 'openim.msgwithdraw';

let world: World;
let bob: Peer;
let tab: Tab;

beforeAll(async () => {
  world = await openWorld({ maxWebInstances: 9 });
  world.server.seed([
    { from: 'bob', to: 'C2Calice', text: 'said long ago by Bob', ageSeconds: 900 },
    { from: 'carol', to: 'C2Calice', text: 'said long ago by Carol', ageSeconds: 800 },
  ]);
  bob = await world.peer('bob');
  tab = await world.openChat('plain', 'C2Cbob');
  await tab.waitForText('said long ago by Bob');
  await world.turnOn(tab);
});
afterAll(async () => {
  await world.close();
});

async function send(text: string, to: 'bob' | 'carol' = 'bob'): Promise<StoredMessage> {
  await tab.click(composer);
  await tab.type(`${text}\n`);
  const find = (): StoredMessage | undefined =>
    world.server.messages(['alice', to]).find((message) => message.text === text);
  await world.server.waitFor(find);
  const sent = find();
  if (!sent) throw new Error('The server lost a message it had.');
  return sent;
}

const row = (text: string, of = tab): Promise<unknown> =>
  of.closed.waitFor({ css: '.bar .row', text });
/** Goes to the chat with somebody by their entry in the page's list. */
const goTo = (name: 'Bob' | 'Carol'): Promise<void> =>
  tab.click({ text: name, within: '.conversations ul' });
const written = (): Promise<string> =>
  tab.evaluate((css) => document.querySelector<HTMLTextAreaElement>(css)?.value ?? '', composer);

describe('the undo bar', () => {
  it('is the same in another tab, with one request whatever is clicked where', async () => {
    const { server } = world;
    const sent = await send('in both tabs');
    await row('To Bob: in both tabs');
    const other = await world.openChat('plain', 'C2Ccarol');
    await row('To Bob: in both tabs', other);
    const asked = (): number =>
      server.requests.filter(({ servcmd }) => servcmd === withdraw).length;
    const before = asked();
    server.switches.delayAnswerMs.set(withdraw, 2000);
    await other.closed.click('.bar .undo');
    await row('Recalling your message to Bob', other);
    await tab.activate();
    await row('Recalling your message to Bob');
    expect((await tab.closed.findAll('.bar .undo')).filter(({ isVisible }) => isVisible)).toEqual(
      [],
    );
    await row('Your message to Bob was recalled.');
    await other.activate();
    await row('Your message to Bob was recalled.', other);
    server.switches.delayAnswerMs.clear();
    expect(server.message(sent).isRecalled).toBe(true);
    expect(asked() - before).toBe(1);
    await other.close();
    await tab.activate();
  });

  it('puts the words of what was recalled here into the chat they were meant for, unsent', async () => {
    const { server } = world;
    const sent = await send('meant for Carol');
    await row('To Bob: meant for Carol');
    await tab.closed.click('.bar .undo');
    await server.waitFor(() => server.message(sent).isRecalled);
    await row('Edit again');
    await goTo('Carol');
    await tab.waitForText('said long ago by Carol');
    await row('Put the text into this chat: Carol');
    await tab.closed.click({ css: '.bar .reedit', text: 'Carol' });
    await row('The text is in the message box again.');
    expect(await written()).toBe('meant for Carol');
    expect(server.messages(['alice', 'carol']).map(({ text }) => text)).not.toContain(
      'meant for Carol',
    );
    // An Enter at once would be one that was meant for the button; not after another key.
    await tab.press('End');
    await tab.press('Enter');
    await server.waitFor(
      () => server.messages(['alice', 'carol']).some(({ text }) => text === 'meant for Carol'),
      { what: 'the words, sent by the person themselves' },
    );
  });

  it('turns prominent and says why a message may have gone to the wrong place', async () => {
    await goTo('Bob');
    await tab.waitForText('said long ago by Bob');
    await send('password: hunter22');
    await row('It seems to hold a password, a code, a key or a card number.');
    await tab.closed.waitFor('.bar[data-warns]');
    await tab.click(composer);
    await tab.type('Shall we ');
    await goTo('Carol');
    await tab.waitForText('said long ago by Carol');
    await tab.click(composer);
    await tab.press('End');
    await tab.type('meet?\n');
    await row('You began to write this in another chat.');
  });
});

describe('recalled messages', () => {
  /** What of ours stands for recalled messages. */
  const lines = async (): Promise<string[]> =>
    (await tab.closed.findAll('.line'))
      .filter(({ isVisible }) => isVisible)
      .map(({ text }) => text.split('\n')[0] ?? '');
  const shows = (...wanted: string[]): Promise<unknown> => {
    let now: string[] = [];
    return until(
      () => `${wanted.join('; ')} in the page; it shows ${now.join('; ')}`,
      async () => {
        now = await lines();
        return now.join() === wanted.join();
      },
    );
  };

  it('are a sentence each, one line together or nothing, as it was chosen for the site', async () => {
    await goTo('Bob');
    for (const text of ['one', 'two']) await bob.recall(await bob.sendText('C2Calice', text));
    const mine = 'You recalled a message';
    const bobs = 'The other party recalled a message';
    await until(
      'two placeholders of Bob’s',
      async () => (await lines()).filter((line) => line === bobs).length === 2,
    );
    expect(await tab.text('.rows')).not.toMatch(/^(one|two)$/mu);
    const all = await lines();
    expect(all.slice(-2)).toEqual([bobs, bobs]);
    expect(all.slice(0, -2).every((line) => line === mine)).toBe(true);
    const options = await world.browser.open(world.browser.extensionUrl('options.html'));
    const choose = async (style: string): Promise<void> => {
      await options.activate();
      await options.waitFor(
        (wanted) => {
          const select = document.querySelector<HTMLSelectElement>('select:has([value=compact])');
          if (!select) return false;
          select.value = wanted;
          select.dispatchEvent(new Event('change', { bubbles: true }));
          return true;
        },
        { args: [style], what: 'the choice of a style' },
      );
      await tab.activate();
    };
    await choose('hide');
    await shows();
    await choose('compact');
    await until('one line for the run of recalled messages', async () =>
      (await lines()).some((line) => /^\d messages recalled$/u.test(line)),
    );
    expect((await lines()).length).toBeLessThan(all.length);
    await choose('show');
    await shows(...all);
    await options.close();
  });
});
