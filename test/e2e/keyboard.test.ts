import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tab } from '../browsers/browser.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld({ isAgreed: false });
});
afterAll(async () => {
  await world.close();
});

/** What somebody who uses Tab meets, in order, and what of it they could not do with. */
interface Walk {
  /** What can be reached by a mouse and has no stop, or not in the order in which it is read. */
  readonly missed: readonly string[];
  /** Stops at which nothing shows where the focus is, or it is hidden. */
  readonly unseen: readonly string[];
  readonly stops: number;
}

/** Goes through a page by Tab, from its beginning. */
async function walk(tab: Tab): Promise<Walk> {
  await tab.activate();
  const all = await tab.evaluate(() => {
    const can = 'a[href],button,input,select,textarea,summary,[tabindex]';
    const found = [...document.querySelectorAll<HTMLElement>(can)].filter(
      (one) =>
        one.tabIndex >= 0 &&
        !one.matches(':disabled') &&
        one.checkVisibility({ checkVisibilityCSS: true }) &&
        // Of a group of choices the one that is made has the stop; arrows go to the others.
        !(one instanceof HTMLInputElement && one.type === 'radio' && !one.checked),
    );
    found.forEach((one, index) => (one.dataset.stop = String(index)));
    // Where somebody begins who just came.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    return found.map((one) => one.ariaLabel ?? (one.innerText || one.id || one.outerHTML));
  });
  const met: number[] = [];
  const unseen: string[] = [];
  for (let stop = 0; stop < all.length; stop += 1) {
    await tab.press('Tab');
    const { at, isShown } = await tab.evaluate(() => {
      const now = document.activeElement as HTMLElement;
      // Choices that are drawn have it on what is drawn.
      const drawn = now.matches('[type=radio]') ? (now.nextElementSibling ?? now) : now;
      const { left, top, width, height } = drawn.getBoundingClientRect();
      // Firefox does not scroll on for what is in sight in part.
      const middle = Math.max(0, Math.min(top + height / 2, innerHeight - 1));
      const over = document.elementFromPoint(left + width / 2, middle);
      const { outlineStyle, outlineWidth } = getComputedStyle(drawn);
      const hasOutline = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
      return {
        at: Number(now.dataset.stop ?? NaN),
        isShown: hasOutline && over !== null && (drawn.contains(over) || over.contains(drawn)),
      };
    });
    met.push(at);
    if (!isShown) unseen.push(all[at] ?? `stop ${stop}`);
  }
  const missed = all.filter((_, index) => met[index] !== index);
  return { missed, unseen, stops: all.length };
}

const good = { missed: [], unseen: [] };

/** Goes on by Tab to the control of this name. */
async function tabTo(tab: Tab, name: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    await tab.press('Tab');
    const now = await tab.evaluate(() => {
      const { activeElement: at } = document;
      return at instanceof HTMLElement && at !== document.body
        ? (at.ariaLabel ?? at.innerText)
        : '';
    });
    if (now.includes(name)) return;
  }
  throw new Error(`Tab does not come to “${name}”.`);
}

/** Waits until something has the focus: what had it may be gone. */
const hasFocus = (tab: Tab): Promise<unknown> =>
  tab.waitFor(() => document.activeElement !== null && document.activeElement !== document.body, {
    what: 'something to have the focus',
  });

describe('somebody without a mouse', () => {
  it('reads the welcome page, tries the practice chat and agrees', async () => {
    const { browser } = world;
    const welcome = await browser.waitForTab(browser.extensionUrl('welcome.html'));
    await welcome.waitForText('Practice chat');
    expect(await walk(welcome)).toMatchObject(good);
    await tabTo(welcome, 'I agree');
    await welcome.press('Enter');
    await welcome.waitForText('Unsay is ready');
    await hasFocus(welcome);
    await welcome.close();
  });

  it('comes to everything in the options', async () => {
    const { browser } = world;
    await world.signIn();
    const options = await browser.open(browser.extensionUrl('options.html'));
    await options.waitForText('Signed in as');
    const walked = await walk(options);
    expect(walked).toMatchObject(good);
    expect(walked.stops).toBeGreaterThan(15);
    await options.close();
  });

  it('recalls in the popup and in the list of several, and is not lost afterwards', async () => {
    const { server } = world;
    const popup = await world.popup();
    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'to be recalled' });
    server.post({ from: 'alice', to: 'GROUPteam', text: 'to be swept' });
    await popup.waitForText('to be swept');
    await popup.waitForText('to be recalled');
    expect(await walk(popup)).toMatchObject(good);
    await popup.evaluate((id) => {
      document.querySelector<HTMLElement>(`li[data-id="${id}"] .recall`)?.focus();
    }, sent.id);
    await popup.press('Enter');
    await server.waitFor(() => server.message(sent).isRecalled);
    await popup.waitForText('You recalled a message');
    await hasFocus(popup);
    await tabTo(popup, 'Recall several…');
    await popup.press('Enter');
    await popup.waitForText('Recall 1 message');
    await hasFocus(popup);
    expect(await walk(popup)).toMatchObject(good);
    await popup.press('Escape');
    await popup.waitForText('What you sent');
    await hasFocus(popup);
    await popup.close();
  });

  it('opens a conversation in the side panel and comes back to it', async () => {
    const { browser } = world;
    const panel = await browser.open(browser.extensionUrl('sidepanel.html'));
    await panel.waitForText('Team');
    expect(await walk(panel)).toMatchObject(good);
    await tabTo(panel, 'Team');
    await panel.press('Enter');
    await panel.waitForText('to be swept');
    await hasFocus(panel);
    expect(await walk(panel)).toMatchObject(good);
    await panel.press('Escape');
    await panel.waitForText('Conversations');
    await hasFocus(panel);
    await panel.close();
  });
});
