import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { takeSeat } from '../../../src/background/seats.ts';
import { WayBack } from '../../../src/background/way-back.ts';
import { keepConsent } from '../../../src/platform/consent.ts';
import { inject } from '../../../src/platform/sites.ts';
import { FakeEvent } from '../contract/fake-messaging.ts';

const chat = 'https://chat.example';
const minute = 60_000;

let onUpdated: FakeEvent<[number, { status?: string }, { url?: string }]>;
/** The tabs that our scripts were put into. */
let injected: Set<number>;
let isAwake: boolean;
let reported: unknown[];

beforeEach(async () => {
  vi.useFakeTimers();
  fakeBrowser.reset();
  onUpdated = new FakeEvent();
  injected = new Set();
  isAwake = true;
  reported = [];
  Object.assign(fakeBrowser.tabs, {
    onUpdated,
    query: () => Promise.resolve([]),
    sendMessage: () =>
      isAwake ? Promise.resolve({ ok: true }) : Promise.reject(new Error('Nobody')),
  });
  Object.assign(fakeBrowser, {
    permissions: { contains: () => Promise.resolve(true) },
    scripting: {
      executeScript: ({ target }: { target: { tabId: number } }) => {
        injected.add(target.tabId);
        return Promise.resolve([]);
      },
    },
  });
  await keepConsent();
  await fakeBrowser.storage.local.set({ sites: [chat] });
});
afterEach(() => {
  expect(reported).toEqual([]);
  vi.useRealTimers();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(2_000);

/** A worker starts. */
async function begin(): Promise<void> {
  new WayBack((error) => reported.push(error)).listen();
  await settle();
}

/** A tab shows a page; how many were told. */
async function show(tab: number, url: string | undefined): Promise<number> {
  onUpdated.tell(tab, { status: 'loading' }, { ...(url !== undefined && { url }) });
  const told = onUpdated.tell(tab, { status: 'complete' }, { ...(url !== undefined && { url }) });
  await settle();
  return told.length;
}

it('is told of no tab where no page can have been left without Unsay', async () => {
  await begin();
  expect(await show(1, `${chat}/room`)).toBe(0);
  expect(injected).toEqual(new Set());
});

it('gives a page of a site that is on Unsay when it comes back without, and no other', async () => {
  await begin();
  await inject(chat);
  await show(1, `${chat}/room`);
  await show(2, 'https://chat.example:8443/');
  await show(3, undefined);
  await show(4, 'about:blank');
  expect(injected).toEqual(new Set([1]));
});

it('leaves a page alone in which Unsay is awake', async () => {
  await begin();
  await inject(chat);
  const place = { kind: 'page', origin: chat, tab: 1, frame: 0 } as const;
  await takeSeat(place, crypto.randomUUID(), undefined, undefined, true);
  await show(1, chat);
  expect(injected).toEqual(new Set());
  isAwake = false;
  await show(1, chat);
  expect(injected).toEqual(new Set([1]));
});

it('goes on after a worker died, and until no browser keeps such a page any more', async () => {
  await inject(chat);
  await begin();
  await vi.advanceTimersByTimeAsync(20 * minute);
  expect(await show(1, chat)).toBe(1);
  expect(injected).toEqual(new Set([1]));
  await vi.advanceTimersByTimeAsync(11 * minute);
  await show(2, chat);
  expect(await show(2, chat)).toBe(0);
  expect(injected).toEqual(new Set([1]));
  await inject(chat);
  expect(await show(3, chat)).toBe(1);
});
