import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import { until } from '../browsers/until.ts';
import type { Peer } from '../chat-server/peer.ts';
import type { StoredMessage } from '../chat-server/stored-message.ts';
import { ownFaultsOf } from './axe.ts';
import { pointAt } from './hand.ts';
import { openWorld, type World } from './world.ts';

const composer = '.composer textarea';

let world: World;
let bob: Peer;
let tab: Tab;

beforeAll(async () => {
  // Alice's page, Unsay's own sign-in and her kit, each of which may sign in again.
  world = await openWorld({ maxWebInstances: 9 });
  world.server.seed([
    { from: 'bob', to: 'C2Calice', text: 'said long ago', ageSeconds: 900 },
    { from: 'bob', to: 'GROUPteam', text: 'said long ago', ageSeconds: 900 },
  ]);
  bob = await world.peer('bob');
  await world.signIn();
  tab = await world.openChat('plain', 'C2Cbob');
  await tab.waitForText('said long ago');
  await world.turnOn(tab);
});
afterAll(async () => {
  await world.close();
});

async function write(text: string): Promise<StoredMessage> {
  await tab.click(composer);
  await tab.type(`${text}\n`);
  const find = (): StoredMessage | undefined =>
    world.server.messages(['alice', 'bob']).find((message) => message.text === text);
  await world.server.waitFor(find);
  const sent = find();
  if (!sent) throw new Error('The server lost a message it had.');
  return sent;
}

const bar = (text: string): Promise<unknown> => tab.closed.waitFor({ css: '.bar .row', text });
/** Presses Recall in the row of the bar with these words. */
async function press(words: string): Promise<void> {
  const rows = await tab.closed.findAll('.bar .row');
  const nth = rows.findIndex(({ text }) => text.includes(words));
  await tab.closed.click(`.bar .row:nth-child(${nth + 1}) .undo`);
}

describe('somebody without a mouse', () => {
  /** What live regions of ours say at this moment. */
  const spoken = (): Promise<string[]> =>
    tab.closed.evaluate((roots) =>
      roots
        .filter((root) => root.isConnected)
        .flatMap((root) => [...root.querySelectorAll<HTMLElement>('[role=status]')])
        .filter((one) => one.ariaLive !== 'off' && one.checkVisibility())
        .map(({ textContent }) => textContent)
        .filter((text) => text !== ''),
    );
  const says = async (part: string): Promise<void> => {
    await until(`“${part}” to be said`, async () =>
      (await spoken()).some((text) => text.includes(part)),
    );
    expect((await spoken()).filter((text) => text.includes(part))).toHaveLength(1);
  };

  /** What of ours has the focus: its class, and its name or words. */
  const focused = (): Promise<string> =>
    tab.closed.evaluate((roots) => {
      const at = roots.find(({ activeElement }) => activeElement !== null)?.activeElement;
      return at ? `${at.className}: ${at.ariaLabel ?? at.textContent}` : '';
    });
  /** Waits until the focus is there by itself: the row may hear of a recall after the bar. */
  const focusComesTo = (what: RegExp): Promise<unknown> =>
    until(`the focus to come to ${what.source}`, async () => what.test(await focused()));
  /** Goes through the page by this key to something of ours. */
  const goTo = (key: 'Tab' | 'Shift+Tab', part: string): Promise<unknown> =>
    until(`${key} to reach ${part}`, async () => {
      await tab.press(key);
      return (await focused()).includes(part);
    });
  /**
   * Presses what has the focus, again while it does not count yet, as a person would: not before it
   * had the time to do something, for then the focus is elsewhere.
   */
  const pressOn = async (part: string): Promise<void> => {
    let pressedAt = -Infinity;
    await until(`pressing ${part} to do something`, async () => {
      const isThere = (await focused()).includes(part);
      if (isThere && performance.now() - pressedAt > 1_000) {
        await tab.press('Space');
        pressedAt = performance.now();
      }
      return !isThere;
    });
  };

  it('recalls from the row, reads why not, tries again, and takes the words back', async () => {
    const { server } = world;
    const sent = await write('by keys only');
    await says('Message to Bob sent');
    server.switches.refuse.set('openim.msgwithdraw', { code: 39999, times: 1 });
    await goTo('Shift+Tab', 'Recall this message');
    await pressOn('Recall this message');
    await says('39999');
    await focusComesTo(/^note: .*39999/u);
    await goTo('Tab', 'recall: Try again');
    await pressOn('recall: Try again');
    await server.waitFor(() => server.message(sent).isRecalled);
    await says('Your message to Bob was recalled.');
    await focusComesTo(/^line: You recalled a message/u);
    await goTo('Tab', 'Edit again');
    await pressOn('Edit again');
    await tab.waitFor(
      (css) => document.querySelector<HTMLTextAreaElement>(css)?.value === 'by keys only',
      { args: [composer], what: 'the words in the message box' },
    );
    expect(await tab.evaluate((css) => document.activeElement?.matches(css), composer)).toBe(true);
    await until('the offer to go with the words', async () =>
      (await tab.closed.findAll('.reedit')).every(({ isVisible }) => !isVisible),
    );
  });

  it('recalls from the bar, and stays with what came of it', async () => {
    await tab.press('Control+A');
    await tab.type('from the bar\n');
    await bar('To Bob: from the bar');
    await goTo('Tab', 'Recall your message to Bob');
    await pressOn('Recall your message to Bob');
    await says('Your message to Bob was recalled.');
    await focusComesTo(/^text: Your message to Bob was recalled\./u);
  });
});

describe('the colours a user forces on every page', () => {
  it('are taken by the time left, which is drawn, also where it was there before', async () => {
    await write('in other colours');
    await pointAt(tab, 'in other colours', 'main');
    /** Of each control: the colour in which its time is drawn, and the one it is to have. */
    const colours = (): Promise<{ drawn: string; wanted: string }[]> =>
      tab.closed.evaluate((roots) =>
        roots
          .flatMap((root) => [...root.querySelectorAll<HTMLCanvasElement>('.control canvas')])
          .filter((canvas) => canvas.checkVisibility() && canvas.width > 0)
          .map((canvas) => {
            const { width, height } = canvas;
            const { data = [] } = canvas.getContext('2d')?.getImageData(0, 0, width, height) ?? {};
            const solid = [...data.keys()].find((at) => at % 4 === 3 && data[at] === 255) ?? NaN;
            const drawn = [...data.slice(solid - 3, solid)];
            return { drawn: `rgb(${drawn.join(', ')})`, wanted: getComputedStyle(canvas).color };
          }),
      );
    const isDrawnRight = async (): Promise<string | undefined> => {
      const all = await colours();
      const isRight = all.length > 0 && all.every(({ drawn, wanted }) => drawn === wanted);
      return isRight ? all[0]?.wanted : undefined;
    };
    const before = await until('the time to be drawn', isDrawnRight);
    await tab.setForcedColors(true);
    const forced = await until('the time to be drawn in forced colours', isDrawnRight);
    expect(forced).not.toBe(before);
    await tab.setForcedColors(false);
    expect(await until('the time to be drawn as it was', isDrawnRight)).toBe(before);
  });
});

describe('axe finds nothing wrong in a page', () => {
  it('with our entry in a kit’s menu, and with the question that it asks', async () => {
    world.server.post({ from: 'carol', to: 'GROUPteam', text: 'off topic' });
    const kit = await world.openChat('react-6', 'GROUPteam');
    await pointAt(kit, 'off topic', '#message-list-container');
    // Where colours are forced, too, ours is written like the kit's own.
    await kit.setForcedColors(true);
    await kit.click({ text: 'off topic', within: '#message-list-container' }, { button: 'right' });
    await kit.closed.waitFor({ css: '.entry', text: 'the message from Carol' });
    const fonts = await kit.closed.evaluate((roots) => {
      const entry = roots.map((root) => root.querySelector('.entry')).find(Boolean);
      const host = (entry?.getRootNode() as ShadowRoot | undefined)?.host;
      const label = host?.parentElement?.querySelector('span');
      return [entry, label].map((element) => {
        if (!element) return undefined;
        const { fontFamily, fontSize, lineHeight } = getComputedStyle(element);
        return { fontFamily, fontSize, lineHeight };
      });
    });
    expect(fonts[0]).toEqual(fonts[1]);
    await kit.setForcedColors(false);
    expect(await ownFaultsOf(kit, ['light'])).toEqual([]);
    await kit.closed.click('.entry');
    await kit.closed.waitFor({ css: '[data-state=asking]', text: 'Carol' });
    expect(await ownFaultsOf(kit, ['light'])).toEqual([]);
    await kit.close();
  });

  it('with a bar that says no words', async () => {
    const options = await world.browser.open(world.browser.extensionUrl('options.html'));
    await options.click({ label: 'Discreet mode' });
    await tab.activate();
    await write('between us');
    await bar('To Bob');
    expect(await tab.closed.findAll('.bar .text')).toSatisfy((texts: readonly { text: string }[]) =>
      texts.every(({ text }) => !text.includes('between us')),
    );
    expect(await ownFaultsOf(tab)).toEqual([]);
    await options.activate();
    await options.click({ label: 'Discreet mode' });
    await options.close();
    await tab.activate();
  });

  it('with the bar in all its states, controls and placeholders', async () => {
    const { server, browser } = world;
    await bob.recall(await bob.sendText('C2Calice', 'goes'));
    await tab.closed.waitFor({ css: '.line', text: 'The other party recalled a message' });
    await write('one to take back');
    await bar('one to take back');
    await pointAt(tab, 'one to take back', 'main');
    expect(await ownFaultsOf(tab)).toEqual([]);
    await tab.closed.click('.bar .undo');
    await bar('Your message to Bob was recalled.');
    await tab.closed.waitFor({ css: '.reedit', text: 'Edit again' });

    await write('refused for no known reason');
    await bar('refused for no known reason');
    server.switches.refuse.set('openim.msgwithdraw', { code: 39999, times: 1 });
    await press('refused for no known reason');
    await tab.closed.waitFor({ css: '.bar [data-state=refused]', text: '39999' });
    await write('password: hunter22');
    await bar('It seems to hold a password');
    await write('one that waits');
    await bar('one that waits');
    expect(await ownFaultsOf(tab)).toEqual([]);
    await tab.closed.click('.bar .more');
    await bar('Your message to Bob was recalled.');
    await browser.setOffline(true);
    await press('one that waits');
    await tab.closed.waitFor({ css: '.bar [data-state=waiting]', text: 'your message to Bob' });
    expect(await ownFaultsOf(tab)).toEqual([]);
  });
});
