import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { allowsSite, policyLimits, policyOf, readPolicy } from '../../../src/platform/policy.ts';

const free = {
  isAgreed: false,
  allowedSites: undefined,
  offeredSites: [],
  server: undefined,
  retentionDays: undefined,
  mayReEdit: true,
  sweepSeconds: undefined,
  mayLog: true,
  isDiscreet: false,
};
const strictest = {
  isAgreed: false,
  allowedSites: [],
  offeredSites: [],
  server: undefined,
  retentionDays: 0,
  mayReEdit: false,
  sweepSeconds: 0,
  mayLog: false,
  isDiscreet: true,
};
const full = {
  consentGiven: true,
  allowedSites: ['https://chat.example', 'https://chat.example:8443'],
  offeredSites: ['https://chat.example'],
  serverAddress: 'wss://im.chat.example',
  retentionDays: 3,
  allowReEdit: false,
  sweepSeconds: 60,
  allowLog: false,
  discreetMode: false,
};

const { managed: area } = fakeBrowser.storage;
beforeEach(() => {
  fakeBrowser.reset();
});
afterEach(() => {
  Object.assign(fakeBrowser.storage, { managed: area });
});

describe('a policy', () => {
  it('says what was set', () => {
    expect(policyOf(full)).toEqual({
      isAgreed: true,
      allowedSites: full.allowedSites,
      offeredSites: full.offeredSites,
      server: full.serverAddress,
      retentionDays: 3,
      mayReEdit: false,
      sweepSeconds: 60,
      mayLog: false,
      isDiscreet: false,
    });
  });

  it('leaves free what was not set', () => {
    expect(policyOf({})).toEqual(free);
    expect(policyOf({ somethingNewer: true })).toEqual(free);
  });

  it('is at its strictest where it cannot be read', () => {
    const odd = Object.fromEntries(Object.keys(full).map((key) => [key, { no: 'sense' }]));
    expect(policyOf(odd)).toEqual(strictest);
  });

  it('takes a site’s address for its origin, and what is none for nothing', () => {
    const allowedSites = ['https://chat.example/room?x', 'chat.example', 'file:///tmp', 7];
    expect(policyOf({ allowedSites }).allowedSites).toEqual(['https://chat.example']);
  });

  it('takes a server only by an encrypted address, or on this computer', () => {
    for (const serverAddress of ['ws://im.example', 'https://im.example', 'wss://im.example/x']) {
      expect(policyOf({ serverAddress }).server).toBeUndefined();
    }
    expect(policyOf({ serverAddress: 'ws://127.0.0.1:9000' }).server).toBe('ws://127.0.0.1:9000');
  });

  it('keeps numbers within their limits', () => {
    expect(policyOf({ retentionDays: 400, sweepSeconds: -5 })).toMatchObject({
      retentionDays: policyLimits.retentionDays,
      sweepSeconds: 0,
    });
  });

  it('is never worse than an exception, whatever is set', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(full)), fc.anything()), (set) => {
        expect(Object.keys(policyOf(set)).sort()).toEqual(Object.keys(free).sort());
      }),
    );
  });
});

describe('in a browser', () => {
  it.each([
    ['without managed storage', undefined],
    [
      'of which Firefox says so',
      { get: () => Promise.reject(new Error('Managed storage manifest not found')) },
    ],
    ['in which nothing is set', { get: () => Promise.resolve({}) }],
  ])('%s nothing is prescribed', async (_, managed) => {
    Object.assign(fakeBrowser.storage, { managed });
    expect(await readPolicy()).toEqual(free);
    expect(await allowsSite('https://anything.example')).toBe(true);
  });

  it('that is managed only the named sites are allowed, by their whole origin', async () => {
    await fakeBrowser.storage.managed.set(full);
    expect(await allowsSite('https://chat.example')).toBe(true);
    expect(await allowsSite('https://chat.example:9000')).toBe(false);
    expect(await allowsSite('http://chat.example')).toBe(false);
  });
});

test('the schema for Chrome and POLICY.md name every setting, and no other', () => {
  const root = path.resolve(import.meta.dirname, '../../..');
  const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
  const schema = JSON.parse(read('public/managed-schema.json')) as { properties: object };
  expect(Object.keys(schema.properties).sort()).toEqual(Object.keys(full).sort());
  const documented = [...read('POLICY.md').matchAll(/^\| `(\w+)`/gmu)].map(([, name]) => name);
  expect(documented.sort()).toEqual(Object.keys(full).sort());
});
