// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PageChat } from '../../../src/page/session/find-session.ts';
import type { RiderWord } from '../../../src/page/session/rider.ts';

// What runs in the page's world takes its clock when it is evaluated.
vi.useFakeTimers();
const { startRider } = await import('../../../src/page/session/rider.ts');
const { findSession } = await import('../../../src/page/session/find-session.ts');

/** An SDK in which alice is signed in, and how often it was asked something. */
class FakeSdk {
  user = 'alice';
  asked = 0;
  readonly ears = new Map<string, (event: unknown) => void>();

  readonly chat = {
    on: (name: string, ear: (event: unknown) => void): void => void this.ears.set(name, ear),
    off: (name: string): void => void this.ears.delete(name),
    getLoginUser: (): string => {
      this.asked += 1;
      return this.user;
    },
    isReady: (): boolean => {
      this.asked += 1;
      return this.user !== '';
    },
    findMessage: (): null => null,
    getMessageList: (): void => undefined,
    getConversationList: (): void => undefined,
    revokeMessage: (): void => undefined,
  } satisfies PageChat;

  become(user: string, event?: string): void {
    this.user = user;
    if (event !== undefined) this.ears.get(event)?.({});
  }
}

let sdk: FakeSdk;
let words: RiderWord[];
let rider: ReturnType<typeof startRider>;
let looking: ReturnType<typeof setInterval>;

beforeEach(() => {
  sdk = new FakeSdk();
  words = [];
  const { chat } = sdk;
  rider = startRider({
    find: () => findSession({ chat }, document),
    tell: (word) => words.push(word),
  });
  looking = setInterval(() => {
    rider.look();
  }, 1000);
  rider.look();
});
afterEach(() => {
  clearInterval(looking);
  rider.leave();
});

const users = (): unknown[] =>
  words.flatMap((word) => ('news' in word && word.news === 'session' ? [word.of.user] : []));

describe('an SDK that goes on as it is', () => {
  it('is asked seldom: every call of it leaves something in it for ever', () => {
    vi.advanceTimersByTime(3_600_000);
    // Twice every half minute, and each second in the beginning.
    expect(sdk.asked).toBeLessThan(2 * 120 + 20);
    expect(users()).toEqual(['alice']);
  });

  it('is asked seldom also while nobody is signed in', () => {
    sdk.become('', 'sdkStateNotReady');
    const before = sdk.asked;
    vi.advanceTimersByTime(3_600_000);
    expect(sdk.asked - before).toBeLessThan(720 + 20);
  });
});

describe('who is signed in', () => {
  it.each(['sdkStateNotReady', 'kickedOut', 'sdkDestroy'])('is asked at once at %s', (event) => {
    vi.advanceTimersByTime(600_000);
    sdk.become('', event);
    expect(users()).toEqual(['alice', undefined]);
  });

  it('is asked for a while after an event, as it may come before what it tells of', () => {
    vi.advanceTimersByTime(600_000);
    sdk.become('alice', 'sdkStateNotReady');
    vi.advanceTimersByTime(2_000);
    sdk.become('');
    vi.advanceTimersByTime(1_000);
    expect(users()).toEqual(['alice', undefined]);
    sdk.become('bob', 'sdkStateReady');
    expect(users()).toEqual(['alice', undefined, 'bob']);
  });

  it('is found out without an event, too', () => {
    vi.advanceTimersByTime(600_000);
    sdk.become('');
    vi.advanceTimersByTime(31_000);
    sdk.become('bob');
    vi.advanceTimersByTime(6_000);
    expect(users()).toEqual(['alice', undefined, 'bob']);
  });

  it('is sure before anything is asked as somebody', async () => {
    vi.advanceTimersByTime(600_000);
    sdk.become('bob');
    rider.answer(JSON.stringify({ n: 1, as: 'alice', method: 'find', argument: [] }));
    await vi.advanceTimersByTimeAsync(0);
    expect(words.at(-1)).toMatchObject({ n: 1, code: 2024 });
    expect(users()).toEqual(['alice', 'bob']);
  });
});

it('hears nothing any more when it has left', () => {
  rider.leave();
  expect(sdk.ears.size).toBe(0);
});
