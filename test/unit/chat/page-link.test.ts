import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LinkError, timedOut, type PageSeat } from '../../../src/chat/link.ts';
import { makePageLink, type PageLink } from '../../../src/chat/tencent/page-link.ts';
import { pageAccountId } from '../../../src/message/message.ts';

const start = 1_790_000_000_000;
const hour = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ now: start, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A link to a page whose SDK says this of the time. */
async function ride(said: object): Promise<PageLink> {
  const link = makePageLink(pageAccountId('https://chat.example', 1, 'alice'));
  const ask = (method: string): Promise<unknown> =>
    Promise.resolve(method === 'begin' ? { isReady: true, isUp: true, ...said } : true);
  link.sit({ id: 'a page', ask });
  link.open();
  await link.ready(1_000);
  return link;
}

/** A message that the page tells, sent at `time` (server ms). */
function tellMessage(link: PageLink, time: number): void {
  link.take('onMessageReceived', [
    {
      ...{ ID: `1-${time}-1`, conversationID: 'C2Cbob', from: 'bob', nick: '', nameCard: '' },
      ...{ sequence: 1, random: 1, time: time / 1000, type: 'TIMTextElem', payload: { text: 'x' } },
    },
  ]);
}

describe('the time a page tells', () => {
  it('is sure while no clock was set', async () => {
    expect(await ride({ serverTime: start, drift: 40 })).toMatchObject({ isTimeSure: true });
  });

  it('is not sure where the page does not say so, or tells none', async () => {
    expect(await ride({ serverTime: start })).toMatchObject({ isTimeSure: false });
    expect(await ride({ drift: 0 })).toMatchObject({ isTimeSure: false });
  });

  it('is not sure when the clock was set back, whatever comes', async () => {
    const link = await ride({ serverTime: start - hour, drift: -hour });
    expect(link.isTimeSure).toBe(false);
    tellMessage(link, start - hour);
    expect(link.isTimeSure).toBe(false);
  });

  it('is sure again after a sleep with the first message that comes at once', async () => {
    const link = await ride({ serverTime: start, drift: hour });
    expect(link.isTimeSure).toBe(false);
    tellMessage(link, start - 60_000);
    expect(link.isTimeSure).toBe(false);
    tellMessage(link, start - 2_000);
    expect(link.isTimeSure).toBe(true);
  });

  it('stays unsure when the clock was set ahead: messages come from the past', async () => {
    const link = await ride({ serverTime: start + hour, drift: hour });
    tellMessage(link, start);
    expect(link.isTimeSure).toBe(false);
  });
});

it('a page whose SDK is cut off is never taken for connected', async () => {
  const link = makePageLink(pageAccountId('https://chat.example', 1, 'alice'));
  const states: string[] = [];
  const isOver = new Promise<void>((resolve) => {
    link.hear((event) => {
      if (event.kind !== 'state') return;
      states.push(event.state.name);
      if (event.state.name === 'reconnecting') resolve();
    });
  });
  link.sit({
    id: 'a page',
    ask: () => Promise.resolve({ isReady: true, isUp: false, serverTime: start }),
  });
  link.open();
  await isOver;
  expect(states).toEqual(['connecting', 'reconnecting']);
  expect(link.serverTime()).toBeGreaterThanOrEqual(start);
  await link.close();
});

it('a page that was too busy to answer is asked again', async () => {
  const link = makePageLink(pageAccountId('https://chat.example', 1, 'alice'));
  let isBusy = true;
  const ask = (): Promise<unknown> =>
    isBusy
      ? Promise.reject(new LinkError(timedOut))
      : Promise.resolve({ isReady: true, isUp: true, serverTime: start });
  link.sit({ id: 'a page', ask });
  link.open();
  await new Promise((resolve) => {
    setTimeout(resolve);
  });
  expect(link.state).toEqual({ name: 'connecting' });
  isBusy = false;
  // Not even a second is waited for when something wakes the worker.
  link.poke();
  await link.ready(1_000);
  await link.close();
});

describe('a recall that a page tells', () => {
  const [ID, conversationID, time] = ['1-1-1', 'GROUPteam', start / 1000];
  const recalled = { ID, conversationID, sequence: 1, time, revoker: 'bob' };

  it('gets the name of whoever recalled, where the page does not tell it with the recall', async () => {
    const link = makePageLink(pageAccountId('https://chat.example', 1, 'alice'));
    const ask = (method: string): Promise<unknown> =>
      Promise.resolve(
        method === 'getUserProfile'
          ? { data: [{ userID: 'bob', nick: 'Bob' }] }
          : { isReady: true, isUp: true, serverTime: start, drift: 0 },
      );
    link.sit({ id: 'a page', ask });
    link.open();
    await link.ready(1_000);
    const heard: unknown[] = [];
    const isNamed = new Promise<void>((resolve) => {
      link.hear((event) => {
        if (event.kind !== 'recalls') return;
        heard.push(...event.recalls.map(({ byName }) => byName));
        if (heard.length === 2) resolve();
      });
    });
    link.take('onMessageRevoked', [recalled]);
    // At once: what somebody recalled is not shown any longer for the sake of a name.
    expect(heard).toEqual([undefined]);
    await isNamed;
    expect(heard).toEqual([undefined, 'Bob']);
  });
});

describe('reading a page’s conversations', () => {
  it('does not let one wait for another, but reads each in the order it was asked', async () => {
    const link = makePageLink(pageAccountId('https://chat.example', 1, 'alice'));
    const pages: { readonly of: string; readonly answer: (page: object) => void }[] = [];
    const ask = (method: string, argument: unknown): Promise<unknown> => {
      if (method !== 'getMessageListHopping') {
        return Promise.resolve({ isReady: true, isUp: true, serverTime: start, drift: 0 });
      }
      const { conversationID: of } = argument as { readonly conversationID: string };
      return new Promise((answer) => pages.push({ of, answer }));
    };
    link.sit({ id: 'a page', ask });
    link.open();
    await link.ready(1_000);
    const empty = { data: { messageList: [], isCompleted: true } };
    const isAsked = (of: string, times: number): Promise<void> =>
      vi.waitFor(() => {
        expect(pages.filter((page) => page.of === of)).toHaveLength(times);
      });

    const long = link.since('C2Cbob', 0, 3_000);
    const again = link.since('C2Cbob', 0, 15);
    const other = link.since('C2Ccarol', 0, 15);
    await isAsked('C2Ccarol', 1);
    await isAsked('C2Cbob', 1);
    pages.find(({ of }) => of === 'C2Ccarol')?.answer(empty);
    await expect(other).resolves.toMatchObject({ isComplete: true });
    // The SDK would mix up the places of two.
    await isAsked('C2Cbob', 1);
    pages.find(({ of }) => of === 'C2Cbob')?.answer(empty);
    await long;
    await isAsked('C2Cbob', 2);
    pages.at(-1)?.answer(empty);
    await expect(again).resolves.toMatchObject({ isComplete: true });
  });
});

describe('a page that is ridden on', () => {
  /** A page that tells what it is told by a real SDK, as soon as it is asked to; see `rider.ts`. */
  class Page {
    /** What the link asked of it, in order. */
    readonly asked: string[] = [];
    /** How long it was to rest at the latest, ms. */
    restsWithin = 0;
    goesOn = false;

    /** Its seat as the worker makes it: anew each time. */
    seat(id = 'a page'): PageSeat {
      return {
        id,
        ask: (method, _, ms) => {
          this.asked.push(method);
          if (method === 'rest') this.restsWithin = ms;
          const { goesOn } = this;
          return Promise.resolve({
            isReady: true,
            isUp: true,
            serverTime: start,
            drift: 0,
            goesOn,
          });
        },
      };
    }
  }

  /** Rides the page, and sits in it once more after `between`; how often it was connected. */
  async function sitTwice(page: Page, again: PageSeat, between: () => void): Promise<number> {
    const link = makePageLink(pageAccountId('https://chat.example', 1, 'alice'));
    let connections = 0;
    link.hear((event) => {
      if (event.kind === 'state' && event.state.name === 'connected') connections += 1;
    });
    link.sit(page.seat());
    link.open();
    await link.ready(1_000);
    between();
    link.sit(again);
    await vi.waitFor(() => {
      expect(page.asked.filter((method) => method === 'begin')).toHaveLength(2);
    });
    await link.ready(1_000);
    await link.close();
    return connections;
  }

  it('is never told to rest in between: a recall that it tells then would be lost', async () => {
    const page = new Page();
    const goOn = (): void => {
      page.goesOn = true;
    };
    expect(await sitTwice(page, page.seat(), goOn)).toBe(1);
    expect(page.asked).toEqual(['begin', 'begin', 'rest']);
  });

  it('is caught up with where it heard nothing for a while', async () => {
    const page = new Page();
    expect(await sitTwice(page, page.seat(), () => undefined)).toBe(2);
  });

  it('is left for another one, which is caught up with', async () => {
    const page = new Page();
    expect(await sitTwice(page, page.seat('another page'), () => undefined)).toBe(2);
    expect(page.asked).toEqual(['begin', 'rest', 'begin', 'rest']);
    // It may be frozen for hours, and is not to go on telling after that.
    expect(page.restsWithin).toBeGreaterThan(12 * hour);
  });
});
