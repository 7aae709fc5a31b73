// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SeatCall, SeatReply } from '../../../src/contract/seat.ts';
import { startFerry, type FerryOptions } from '../../../src/page/session/ferry.ts';
import { askEvent, callEvent, rideWith, wordEvent } from '../../../src/page/session/names.ts';

let life: AbortController;
/** What the worker was asked, in order. */
let asked: string[];
/** Calls the page as the worker does. */
let call: ((call: SeatCall) => Promise<SeatReply>) | undefined;

beforeEach(() => {
  life = new AbortController();
  asked = [];
  told = [];
  failures = 0;
});
afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

/** What the worker was told of events, and how often it does not answer that first. */
let told: unknown[];
let failures: number;

/** A call as the worker makes it, `since` ms ago. */
function askedNow(method: string, since = 0): SeatCall {
  return { method, as: 'alice', at: Date.now() - since, ms: 17_000 };
}

function start(): void {
  const ask = (question: string, content?: unknown): Promise<unknown> => {
    asked.push(question);
    if (question !== 'pageEvents') return Promise.resolve({ decorates: true });
    if ((failures -= 1) >= 0) return Promise.reject(new Error('nobody answered'));
    told.push((content as { events: unknown }).events);
    return Promise.resolve({ isKnown: true });
  };
  startFerry({
    document,
    window,
    ask: ask as FerryOptions['ask'],
    answerSeat: (_, { answer }) => {
      call = answer;
    },
    onAnswer: () => undefined,
    onRefused: () => undefined,
    signal: life.signal,
  });
}

describe('the worker is told of the page’s session', () => {
  it('at once, and when the network is back: recalls may wait for that', async () => {
    start();
    expect(asked).toEqual(['pageSession']);
    window.dispatchEvent(new Event('online'));
    await vi.waitFor(() => {
      expect(asked).toEqual(['pageSession', 'pageSession']);
    });
  });

  it('no more once the page is left', () => {
    start();
    life.abort();
    window.dispatchEvent(new Event('online'));
    expect(asked).toEqual(['pageSession']);
  });
});

describe('what the page’s SDK tells', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  /** The rider tells of these events. */
  function tell(...names: string[]): void {
    for (const name of names) {
      const detail = JSON.stringify({ news: 'event', name, of: [] });
      document.dispatchEvent(new CustomEvent(wordEvent(secret), { detail }));
    }
  }
  let secret = '';
  beforeEach(() => {
    document.addEventListener(
      askEvent,
      (event) => {
        secret = String((event as CustomEvent<unknown>).detail).slice(rideWith.length);
      },
      { signal: life.signal },
    );
  });

  it('comes in its order to a worker that did not answer first', async () => {
    failures = 2;
    start();
    tell('one', 'two');
    await vi.advanceTimersByTimeAsync(100);
    tell('three');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told.flat()).toMatchObject([{ name: 'one' }, { name: 'two' }, { name: 'three' }]);
  });

  const missed = { name: 'missed', data: 0 };

  it.each([
    [
      'when too much waits',
      () => {
        tell(...Array.from({ length: 1_200 }, (_, n) => `event ${n}`));
      },
      1_000,
    ],
    [
      'when one is too long',
      () => {
        tell('x'.repeat(2_000_000));
      },
      0,
    ],
  ])('is told as missed %s', async (_, happen, taken) => {
    start();
    happen();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told.flat()).toHaveLength(taken + 1);
    expect(told.flat().at(-1)).toEqual(missed);
    tell('later');
    await vi.advanceTimersByTimeAsync(100);
    expect(told.at(-1)).toMatchObject([{ name: 'later' }]);
  });

  it.each([
    [
      'something else is told',
      () => {
        tell('later');
      },
    ],
    ['the worker calls', () => void call?.(askedNow('begin'))],
  ])('that nobody took is told as missed once %s', async (_, happen) => {
    failures = 5;
    start();
    tell('one', 'two');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([]);
    happen();
    await vi.advanceTimersByTimeAsync(100);
    expect(told.flat()[0]).toEqual(missed);
    expect(JSON.stringify(told)).not.toContain('one');
  });

  it('is told no more where nobody ever answers', async () => {
    failures = Infinity;
    start();
    tell('one');
    await vi.advanceTimersByTimeAsync(60_000);
    const before = asked.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(before);
  });
});

describe('a call of the worker’s', () => {
  /** What reached the rider. */
  let reached: string[];

  /** Starts with a rider that answers every call with this. */
  function startWith(answer: object): void {
    reached = [];
    document.addEventListener(
      askEvent,
      (event) => {
        const secret = String((event as CustomEvent<unknown>).detail).slice(rideWith.length);
        document.addEventListener(
          callEvent(secret),
          (event) => {
            const { n, method } = JSON.parse(String((event as CustomEvent<unknown>).detail)) as {
              n: number;
              method: string;
            };
            reached.push(method);
            const detail = JSON.stringify({ n, ...answer });
            document.dispatchEvent(new CustomEvent(wordEvent(secret), { detail }));
          },
          { signal: life.signal },
        );
      },
      { signal: life.signal },
    );
    start();
  }

  it.each([
    ['what came of it', { ok: { list: [1] } }],
    ['that nothing came of it', { ok: undefined }],
    ['why there is none', { code: 2801 }],
  ])('is answered with %s', async (_, answer) => {
    startWith(answer);
    expect(await call?.(askedNow('getMessageList'))).toEqual(answer);
  });

  it.each([
    ['that is answered too late: its tab was frozen', 17_000],
    ['of hours ago', 7_200_000],
    ['of before the clock was set back', -7_200_000],
  ])('reaches nobody %s', async (_, since) => {
    vi.useFakeTimers();
    startWith({ ok: true });
    const answer = call?.(askedNow('revokeMessage', since));
    await vi.advanceTimersByTimeAsync(17_000);
    expect(await answer).toEqual({ code: 2801 });
    expect(reached).toEqual([]);
    expect(await call?.(askedNow('begin', 16_000))).toEqual({ ok: true });
    expect(reached).toEqual(['begin']);
  });
});
