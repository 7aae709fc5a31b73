import { describe, expect, test } from 'vitest';
import { Refusal } from './refusal.ts';
import { checkUserSig, issueUserSig } from './usersig.ts';

const KEY = 'a key for tests, never a real one';
const APP = 1400000001;
const ISSUED = 1_700_000_000;
/** Made by npm tls-sig-api-v2 1.0.2 for alice with the key above, for 86400 s. */
const FOREIGN =
  'eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwok5mcmpUInilOzEgoLMFCUrQxMDCDCEyJRk5qYqWRmaQ0UNIKKp' +
  'FQWZRalKVhZmJjCh4sx0JSulsqIqj0KvouCq8soAv*woU*284NywEF*Lco*SiJTA4ArP7OIwJ7Ni33RjC1ulWgCs5TF7';

const now = ISSUED + 10;
const claims = { userId: 'alice', sdkAppId: APP, issued: ISSUED, lifetimeSeconds: 86_400 };
const right = { userId: 'alice', sdkAppId: APP, now };

function codeFor(userSig: string, expected: Partial<typeof right> = {}, key = KEY): number {
  try {
    checkUserSig(userSig, { ...right, ...expected }, key);
    return 0;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

describe('a UserSig', () => {
  test("made by Tencent's public library verifies", () => {
    expect(checkUserSig(FOREIGN, right, KEY)).toBe(ISSUED + 86_400);
  });

  test('made here verifies until it expires', () => {
    const userSig = issueUserSig(claims, KEY);
    expect(codeFor(userSig)).toBe(0);
    expect(codeFor(userSig, { now: ISSUED + 86_399 })).toBe(0);
    expect(codeFor(userSig, { now: ISSUED + 86_400 })).toBe(70001);
  });

  test('made with another key is refused with 70009', () => {
    expect(codeFor(FOREIGN, {}, 'another key')).toBe(70009);
  });

  test('of another user is refused with 70013', () => {
    expect(codeFor(FOREIGN, { userId: 'bob' })).toBe(70013);
  });

  test('of another app is refused with 70014', () => {
    expect(codeFor(FOREIGN, { sdkAppId: APP + 1 })).toBe(70014);
  });

  test.each([
    ['cut off', FOREIGN.slice(0, 60)],
    ['not base64', '!!!!'],
    ['not compressed', Buffer.from('{"TLS.ver":"2.0"}').toString('base64')],
    ['far too long', 'e'.repeat(100_000)],
  ])('that is %s is refused with 70003', (_what, userSig) => {
    expect(codeFor(userSig)).toBe(70003);
  });
});
