import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import {
  consentVersion,
  dropConsent,
  isAgreed,
  keepConsent,
  onceConsentChanges,
  readConsent,
} from '../../../src/platform/consent.ts';

beforeEach(() => {
  fakeBrowser.reset();
});

describe('consent', () => {
  it('is nobody’s until it is given', async () => {
    expect(await readConsent()).toEqual({ by: 'nobody' });
    expect(await isAgreed()).toBe(false);
  });

  it('is the user’s from when it was given until it is taken back', async () => {
    const before = Date.now();
    await keepConsent();
    const consent = await readConsent();
    expect(consent.by).toBe('user');
    expect(consent.by === 'user' && consent.at).toBeGreaterThanOrEqual(before);
    await dropConsent();
    expect(await isAgreed()).toBe(false);
  });

  it('to less than Unsay does now does not count', async () => {
    await fakeBrowser.storage.local.set({ consent: { version: consentVersion - 1, at: 1 } });
    expect(await isAgreed()).toBe(false);
  });

  it('that cannot be read does not count', async () => {
    await fakeBrowser.storage.local.set({ consent: true });
    expect(await isAgreed()).toBe(false);
  });

  it('can be given by whoever manages the browser', async () => {
    await fakeBrowser.storage.managed.set({ consentGiven: true });
    expect(await readConsent()).toEqual({ by: 'policy' });
  });

  it('tells whoever waits for it, once', async () => {
    let told = 0;
    onceConsentChanges(() => {
      told += 1;
    });
    await fakeBrowser.storage.local.set({ sites: [] });
    expect(told).toBe(0);
    await keepConsent();
    await dropConsent();
    expect(told).toBe(1);
  });
});
