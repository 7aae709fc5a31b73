import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import {
  clearAccount,
  idOf,
  noteHistoryLeaving,
  noteLeft,
  noteStopped,
  readAccount,
  readLeaving,
  readLeavingHistory,
  writeAccount,
} from '../../../src/platform/accounts.ts';

const { local, session } = fakeBrowser.storage;
const alice = { sdkAppId: 1, userId: 'alice', userSig: 'her signature', staySignedIn: false };
const staying = { ...alice, staySignedIn: true };
const kicked = { name: 'signed-in-elsewhere' } as const;

beforeEach(() => {
  fakeBrowser.reset();
});

describe('a signed-in account', () => {
  it('reaches the disk only when it is to stay', async () => {
    await writeAccount(alice);
    expect(JSON.stringify(await local.get())).not.toContain(alice.userSig);
    await writeAccount(staying);
    expect(JSON.stringify(await local.get())).toContain(alice.userSig);
    await session.clear();
    expect(await readAccount()).toEqual(staying);
  });

  it('leaves the disk when it is not to stay any more', async () => {
    await writeAccount(staying);
    await writeAccount(alice);
    expect(await local.get('account')).toEqual({});
  });

  it('that is damaged counts as none', async () => {
    await session.set({ account: { ...alice, userSig: 5 } });
    expect(await readAccount()).toBeUndefined();
  });
});

describe('noting a stop', () => {
  it('keeps the reason, also on disk', async () => {
    await writeAccount(staying);
    await noteStopped(staying, kicked);
    expect(await readAccount()).toEqual({ ...staying, stopped: kicked });
    await session.clear();
    expect(await readAccount()).toEqual({ ...staying, stopped: kicked });
    await noteStopped(staying, undefined);
    expect(await readAccount()).toEqual(staying);
  });

  it.each([
    ['another account', { ...alice, userId: 'bob' }],
    ['another app', { ...alice, sdkAppId: 2 }],
    ['another signature', { ...alice, userSig: 'a newer one' }],
  ])('never overwrites a newer sign-in with %s', async (_, newer) => {
    await writeAccount(alice);
    const signIn = writeAccount(newer);
    const stop = noteStopped(alice, kicked);
    await Promise.all([signIn, stop]);
    expect(await readAccount()).toEqual(newer);
  });

  it('is overwritten by a newer sign-in', async () => {
    await writeAccount(alice);
    await Promise.all([noteStopped(alice, kicked), writeAccount(alice)]);
    expect(await readAccount()).toEqual(alice);
  });

  it('does not bring back an account that was signed out', async () => {
    await writeAccount(staying);
    await Promise.all([clearAccount(), noteStopped(staying, kicked)]);
    expect(await readAccount()).toBeUndefined();
    expect(await local.get('account')).toEqual({});
  });
});

describe('clearing an account', () => {
  it('forgets its signature everywhere and notes that it is leaving', async () => {
    await writeAccount(staying);
    await clearAccount();
    expect(await readAccount()).toBeUndefined();
    expect(JSON.stringify([await local.get(), await session.get()])).not.toContain(alice.userSig);
    expect(await readLeaving()).toEqual([idOf(alice)]);
    await noteHistoryLeaving(idOf(alice));
    expect([await readLeaving(), await readLeavingHistory()]).toEqual([[], [idOf(alice)]]);
    await noteLeft(idOf(alice));
    expect(await readLeavingHistory()).toEqual([]);
  });

  it('that left before its history was deleted notes all of it anew', async () => {
    await writeAccount(alice);
    await clearAccount();
    await noteHistoryLeaving(idOf(alice));
    await writeAccount(alice);
    await clearAccount();
    expect(await readLeaving()).toEqual([idOf(alice)]);
    await noteLeft(idOf(alice));
    expect(await readLeaving()).toEqual([idOf(alice)]);
  });

  it('notes each account once', async () => {
    for (const account of [alice, { ...alice, userId: 'bob' }, alice]) {
      await writeAccount(account);
      await clearAccount();
    }
    expect(await readLeaving()).toEqual(['1:alice', '1:bob']);
  });

  it('of nobody notes nobody', async () => {
    await clearAccount();
    expect(await readLeaving()).toEqual([]);
  });
});
