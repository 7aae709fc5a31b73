import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { dropConsent, keepConsent } from '../../../src/platform/consent.ts';
import {
  dropWithdrawn,
  isOn,
  readSites,
  register,
  turnOff,
  turnOn,
  turnWantedOn,
  wantSite,
} from '../../../src/platform/sites.ts';
import { patternOf } from '../../../src/platform/site-access.ts';

const chat = 'https://chat.example';
const port = 'https://chat.example:8443';
const other = 'https://other.example';

interface Script {
  readonly id: string;
  readonly matches: readonly string[];
}

/** What the browser grants and runs. */
class Sites {
  readonly granted = new Set<string>();
  registered: Script[] = [];
  registrations = 0;
  readonly injected: { tab: number; file: string }[] = [];

  constructor(tabs: readonly { id?: number; url?: string }[] = []) {
    Object.assign(fakeBrowser, {
      permissions: {
        contains: ({ origins }: { origins: string[] }) =>
          Promise.resolve(origins.every((one) => this.granted.has(one))),
        remove: ({ origins }: { origins: string[] }) =>
          Promise.resolve(origins.map((one) => this.granted.delete(one)).includes(true)),
      },
      scripting: {
        getRegisteredContentScripts: ({ ids }: { ids: string[] }) =>
          Promise.resolve(this.registered.filter(({ id }) => ids.includes(id))),
        registerContentScripts: (scripts: Script[]) => {
          if (scripts.some(({ id }) => this.registered.some((has) => has.id === id))) {
            return Promise.reject(new Error('Duplicate script ID'));
          }
          this.registrations += 1;
          this.registered.push(...scripts);
          return Promise.resolve();
        },
        unregisterContentScripts: ({ ids }: { ids: string[] }) => {
          this.registered = this.registered.filter(({ id }) => !ids.includes(id));
          return Promise.resolve();
        },
        executeScript: ({ target, files }: { target: { tabId: number }; files: string[] }) => {
          if (target.tabId === 13) return Promise.reject(new Error('No tab with id'));
          this.injected.push(...files.map((file) => ({ tab: target.tabId, file })));
          return Promise.resolve([]);
        },
      },
    });
    Object.assign(fakeBrowser.tabs, { query: () => Promise.resolve(tabs) });
  }

  get matches(): readonly string[] {
    return [...new Set(this.registered.flatMap(({ matches }) => matches))].sort();
  }
}

let sites: Sites;
beforeEach(async () => {
  vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] });
  fakeBrowser.reset();
  sites = new Sites();
  await keepConsent();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a site', () => {
  it('is on when the user turned it on and the browser still grants it', async () => {
    expect(await isOn(chat)).toBe(false);
    sites.granted.add(patternOf(chat));
    expect(await isOn(chat)).toBe(false);
    expect(await turnOn(chat)).toBe(true);
    expect(await isOn(chat)).toBe(true);
    sites.granted.clear();
    expect(await isOn(chat)).toBe(false);
  });

  it('on another port is another site, although the browser’s pattern is the same', async () => {
    sites.granted.add(patternOf(chat));
    await turnOn(chat);
    expect(patternOf(port)).toBe(patternOf(chat));
    expect(await isOn(port)).toBe(false);
  });

  it('is not called off because the browser could not say once whether it is', async () => {
    sites.granted.add(patternOf(chat));
    await turnOn(chat);
    const permissions = fakeBrowser.permissions as unknown as { contains: () => Promise<boolean> };
    const { contains } = permissions;
    permissions.contains = () => Promise.reject(new Error('An unexpected error occurred'));
    await expect(isOn(chat)).rejects.toThrow('unexpected');
    // Of what is no website, the browser says no more than that.
    expect(await isOn('about:blank')).toBe(false);
    permissions.contains = contains;
    expect(await isOn(chat)).toBe(true);
  });

  it('is not turned on without access', async () => {
    expect(await turnOn(chat)).toBe(false);
    expect(await readSites()).toEqual([]);
    expect(sites.registered).toEqual([]);
  });

  it('gets both scripts, now and on every later load', async () => {
    sites = new Sites([
      { id: 1, url: `${chat}/room` },
      { id: 2, url: `${port}/room` },
      { id: 13, url: `${chat}/gone` },
      { url: `${chat}/devtools` },
      { id: 4 },
    ]);
    sites.granted.add(patternOf(chat));
    expect(await turnOn(chat)).toBe(true);
    expect(sites.registered.map(({ id }) => id)).toEqual(['unsay-session', 'unsay-chat']);
    expect(sites.matches).toEqual(['https://chat.example/*']);
    expect(sites.injected).toEqual([
      { tab: 1, file: 'content-scripts/session.js' },
      { tab: 1, file: 'content-scripts/chat.js' },
    ]);
  });

  it('gives its access back when it is turned off', async () => {
    sites.granted.add(patternOf(chat));
    await turnOn(chat);
    await turnOff(chat);
    expect(await readSites()).toEqual([]);
    expect(sites.registered).toEqual([]);
    expect(sites.granted.size).toBe(0);
  });

  it('keeps the access another site needs when it is turned off', async () => {
    sites.granted.add(patternOf(chat));
    await turnOn(chat);
    await turnOn(port);
    await turnOff(chat);
    expect(await isOn(port)).toBe(true);
    expect(sites.matches).toEqual([patternOf(port)]);
  });

  it('whose access was withdrawn is turned off, the others not', async () => {
    for (const origin of [chat, other]) {
      sites.granted.add(patternOf(origin));
      await turnOn(origin);
    }
    sites.granted.delete(patternOf(chat));
    expect(await dropWithdrawn()).toEqual([chat]);
    expect(await readSites()).toEqual([other]);
    expect(sites.matches).toEqual([patternOf(other)]);
    expect(await dropWithdrawn()).toEqual([]);
  });
});

describe('without the user’s consent', () => {
  it('no site is turned on, and none is wanted for later', async () => {
    await dropConsent();
    sites.granted.add(patternOf(chat));
    expect(await turnOn(chat)).toBe(false);
    await wantSite(chat);
    await keepConsent();
    expect(await turnWantedOn()).toBeUndefined();
    expect(await readSites()).toEqual([]);
  });

  it('a site that was on is off, and runs none of our scripts', async () => {
    sites.granted.add(patternOf(chat));
    await turnOn(chat);
    await dropConsent();
    await register();
    expect(await isOn(chat)).toBe(false);
    expect(sites.registered).toEqual([]);
  });
});

describe('under a policy that names the sites', () => {
  const allow = (...allowedSites: string[]): Promise<void> =>
    fakeBrowser.storage.managed.set({ allowedSites });

  it('only those are turned on', async () => {
    await allow(other);
    for (const origin of [chat, other]) sites.granted.add(patternOf(origin));
    expect(await turnOn(chat)).toBe(false);
    expect(await turnOn(other)).toBe(true);
    expect(await readSites()).toEqual([other]);
  });

  it('one that was on before is off, and runs none of our scripts', async () => {
    for (const origin of [chat, other]) {
      sites.granted.add(patternOf(origin));
      await turnOn(origin);
    }
    await allow(other);
    await register();
    expect(await isOn(chat)).toBe(false);
    expect(await isOn(other)).toBe(true);
    expect(sites.matches).toEqual([patternOf(other)]);
  });
});

describe('a wanted site', () => {
  it('is turned on when the browser grants it', async () => {
    await wantSite(chat);
    expect(await turnWantedOn()).toBeUndefined();
    sites.granted.add(patternOf(chat));
    expect(await turnWantedOn()).toBe(chat);
    expect(await isOn(chat)).toBe(true);
    expect(await turnWantedOn()).toBeUndefined();
  });

  it('is not wanted any more after two minutes', async () => {
    await wantSite(chat);
    vi.setSystemTime(Date.now() + 120_001);
    sites.granted.add(patternOf(chat));
    expect(await turnWantedOn()).toBeUndefined();
    expect(await isOn(chat)).toBe(false);
  });
});

describe('registering', () => {
  it('changes nothing when all is right', async () => {
    sites.granted.add(patternOf(chat));
    await turnOn(chat);
    await register();
    expect(sites.registrations).toBe(1);
  });

  it('puts right what an earlier version left', async () => {
    sites.granted.add(patternOf(chat));
    await turnOn(chat);
    sites.registered = [{ id: 'unsay-chat', matches: ['https://old.example/*'] }];
    await register();
    expect(sites.registered).toHaveLength(2);
    expect(sites.matches).toEqual([patternOf(chat)]);
  });

  it('of many at once is done one after the other', async () => {
    for (const origin of [chat, other]) sites.granted.add(patternOf(origin));
    await Promise.all([turnOn(chat), turnOn(other), register(), register()]);
    expect(sites.registered).toHaveLength(2);
    expect(sites.matches).toEqual([patternOf(chat), patternOf(other)]);
  });
});
