import * as v from 'valibot';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { readOrders } from '../../../src/background/orders.ts';
import { learnAccepted, learnRefused } from '../../../src/message/window.ts';
import {
  hasRetiredKey,
  readKeepsHistory,
  readProfileKey,
  writeKeepsHistory,
} from '../../../src/platform/profile-key.ts';
import {
  readKeptDays,
  readWindow,
  readWindows,
  writeKeptDays,
  writeWindow,
} from '../../../src/platform/settings.ts';
import { countStored } from '../../../src/platform/storage-scan.ts';
import { learnWindow } from '../../../src/platform/windows.ts';
import { lockStorage, stored, storedList } from '../../../src/platform/stored.ts';

beforeEach(() => {
  fakeBrowser.reset();
});

describe('a stored value', () => {
  const number = stored('local', 'number', v.number(), 7);

  it('reads as its fallback before it is written and when it does not fit', async () => {
    expect(await number.read()).toBe(7);
    await fakeBrowser.storage.local.set({ number: 'eight' });
    expect(await number.read()).toBe(7);
  });

  it('is where it was written, and nowhere after it was cleared', async () => {
    await number.write(8);
    expect(await fakeBrowser.storage.local.get('number')).toEqual({ number: 8 });
    expect(await fakeBrowser.storage.session.get()).toEqual({});
    await number.clear();
    expect(await number.read()).toBe(7);
  });

  it('keeps every one of many changes at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => number.change((n) => n + 1)));
    expect(await number.read()).toBe(27);
  });

  it('goes on after a change that failed', async () => {
    const fails = number.change(() => {
      throw new Error('no');
    });
    const next = number.change((n) => n + 1);
    await expect(fails).rejects.toThrow('no');
    expect(await next).toBe(8);
  });
});

describe('a stored list', () => {
  const names = storedList('local', 'names', v.object({ name: v.string() }));

  it('loses a damaged element only', async () => {
    const elements = [{ name: 'a' }, { name: 1 }, null, 'b', { name: 'c' }];
    await fakeBrowser.storage.local.set({ names: elements });
    expect(await names.read()).toEqual([{ name: 'a' }, { name: 'c' }]);
  });

  it('is empty when it is no list', async () => {
    await fakeBrowser.storage.local.set({ names: { name: 'a' } });
    expect(await names.read()).toEqual([]);
  });

  it('of orders loses a damaged order only', async () => {
    const order = {
      account: '1:a',
      conversation: 'C2Cb',
      id: 'm1',
      author: 'a',
      sequence: 1,
      random: 1,
      time: 1,
      askedAt: 1,
      until: 121_000,
      isSent: true,
    };
    const orders = [{ ...order, account: 5 }, order, { ...order, outcome: { ok: 'maybe' } }];
    await fakeBrowser.storage.local.set({ orders });
    expect(await readOrders()).toEqual([order]);
  });
});

describe('the profile key', () => {
  it('stays the same while the browser runs, for all who ask at once', async () => {
    const [one, other] = await Promise.all([readProfileKey(), readProfileKey()]);
    expect(one).toHaveLength(32);
    expect(other).toEqual(one);
    expect(await readProfileKey()).toEqual(one);
  });

  it('is another one in the next browser session, and never on disk', async () => {
    const key = await readProfileKey();
    expect(await fakeBrowser.storage.local.get()).toEqual({});
    await fakeBrowser.storage.session.clear();
    expect(await readProfileKey()).not.toEqual(key);
  });
});

describe('the choice to keep history', () => {
  const onDisk = async () => (await fakeBrowser.storage.local.get('profile-key'))['profile-key'];

  it('keeps the key over the end of the browser, and the key stays the same', async () => {
    const key = await readProfileKey();
    await writeKeepsHistory(true);
    expect(await readKeepsHistory()).toBe(true);
    expect(await readProfileKey()).toEqual(key);
    await fakeBrowser.storage.session.clear();
    expect(await readProfileKey()).toEqual(key);
  });

  it('taken back, takes the key off the disk at once, and it is used no longer', async () => {
    expect(await writeKeepsHistory(true)).toBe(false);
    expect(await onDisk()).toBeDefined();
    const key = await readProfileKey();
    expect(await writeKeepsHistory(false)).toBe(true);
    expect(await onDisk()).toBeUndefined();
    expect(await readProfileKey()).not.toEqual(key);
  });

  it('not taken back, but never made, leaves the key as it is', async () => {
    const key = await readProfileKey();
    expect(await writeKeepsHistory(false)).toBe(false);
    expect(await readProfileKey()).toEqual(key);
  });

  it.each([
    [false, 'a key that nobody chose to keep is taken off and not used any more'],
    [true, 'a key that was chosen to be kept is put there'],
  ])('is followed by a worker whose predecessor died in between (%s: %s)', async (keeps) => {
    const key = await readProfileKey();
    await fakeBrowser.storage.local.set({
      'keeps-history': keeps,
      ...(!keeps && { 'profile-key': btoa('x'.repeat(32)) }),
    });
    const next = await readProfileKey();
    expect(Buffer.from(next).equals(key)).toBe(keeps);
    expect(await readProfileKey()).toEqual(next);
    expect(await hasRetiredKey()).toBe(!keeps);
    expect((await onDisk()) !== undefined).toBe(keeps);
  });

  it('made and taken back many times at once ends as it was asked last', async () => {
    await Promise.all([true, false, true, false].map((keeps) => writeKeepsHistory(keeps)));
    expect(await readKeepsHistory()).toBe(false);
    expect(await onDisk()).toBeUndefined();
  });
});

describe('the days that messages are kept', () => {
  it('are seven until the user chooses, and seven when what is stored makes no sense', async () => {
    expect(await readKeptDays()).toBe(7);
    await writeKeptDays(0);
    expect(await readKeptDays()).toBe(0);
    await fakeBrowser.storage.local.set({ 'kept-days': 31 });
    expect(await readKeptDays()).toBe(7);
  });
});

describe('looking for a text in what is stored', () => {
  it('counts the values that hold it, whatever its case and however deep', async () => {
    await fakeBrowser.storage.local.set({
      one: { deep: [{ text: 'In the Attic' }] },
      two: { attic: 1 },
      three: 'the cellar',
    });
    await fakeBrowser.storage.session.set({ glance: { sent: [{ excerpt: 'ATTIC' }] } });
    expect(await countStored(' attic ')).toEqual({ disk: 2, session: 1 });
    expect(await countStored('  ')).toEqual({ disk: 0, session: 0 });
  });
});

describe('the recall window', () => {
  it('is the service’s default until the user sets one, for each account', async () => {
    await writeWindow('1:a', 300);
    expect(await readWindow('1:a')).toBe(300);
    expect(await readWindow('1:b')).toBe(120);
  });

  it('is learnt by app and kind, and told to all its users', async () => {
    await learnWindow('1:a', 'group', (learned) => learnAccepted(learned, 600_000));
    const { direct, group } = await readWindows('1:b', 0);
    expect(group).toMatchObject({ expected: 598_000, isAtLeast: true });
    expect(direct).toMatchObject({ expected: 120_000, isAtLeast: false });
    expect((await readWindows('2:a', 0)).group).toMatchObject({ expected: 120_000 });
    expect((await readWindows('1@https%3A%2F%2Fa.example:a', 0)).group.expected).toBe(120_000);
  });

  it('is what the user says, also against what was learnt before', async () => {
    await learnWindow('1:a', 'direct', (learned) => learnRefused(learned, 130_000, 1_000));
    await learnWindow('1:a', 'group', (learned) => learnRefused(learned, 310_000, 1_000));
    await writeWindow('1:a', 300);
    const { direct, group } = await readWindows('1:a', 1_000);
    expect(direct.closes).toBeGreaterThan(400_000);
    expect(group).toMatchObject({ expected: 300_000, closes: 312_000 });
  });

  it('is the default for an account named like a property of every object', async () => {
    expect(await readWindow('constructor')).toBe(120);
  });
});

it.each([true, false])('locks storage where the browser can (%s)', async (can) => {
  const levels: unknown[] = [];
  const setAccessLevel = (level: unknown): void => {
    levels.push(level);
  };
  Object.assign(fakeBrowser.storage.local, { setAccessLevel: can ? setAccessLevel : undefined });
  await lockStorage();
  expect(levels).toEqual(can ? [{ accessLevel: 'TRUSTED_CONTEXTS' }] : []);
});
