import { beforeEach, describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import {
  answerSeat,
  envelopeFor,
  farewellFor,
  knockFor,
  type SeatCall,
} from '../../../src/contract/seat.ts';
import { extensionId, FakeMessaging, pageSender } from './fake-messaging.ts';

const seat = 'seat-1-0123456789';
const call: SeatCall = { method: 'begin', as: 'alice', at: 1, ms: 17_000 };

let messaging: FakeMessaging;
let life: AbortController;
let calls: SeatCall[];
let leaves: number;
beforeEach(() => {
  fakeBrowser.reset();
  messaging = new FakeMessaging();
  messaging.sender = { id: extensionId };
  life = new AbortController();
  calls = [];
  leaves = 0;
  answerSeat(
    seat,
    {
      answer: (asked) => {
        calls.push(asked);
        return Promise.resolve({ ok: 'done' });
      },
      onLeave: () => (leaves += 1),
    },
    life.signal,
  );
});

describe('a seat', () => {
  it('answers what the worker asks it, and leaves when it is told to', async () => {
    expect(await messaging.send(envelopeFor(seat, call))).toEqual({ ok: 'done' });
    expect([calls, leaves]).toEqual([[call], 0]);
    await messaging.send(farewellFor(seat));
    expect([calls, leaves]).toEqual([[call], 1]);
  });

  it('nods when it is knocked at, and asks nobody', async () => {
    expect(await messaging.send(knockFor(seat))).toEqual({ ok: true });
    expect([calls, leaves]).toEqual([[], 0]);
  });

  it('hears nothing that is meant for another, or comes from a page', async () => {
    await messaging.send(envelopeFor('seat-2-0123456789', call));
    await messaging.send(farewellFor('seat-2-0123456789'));
    messaging.sender = pageSender('https://chat.example');
    await messaging.send(envelopeFor(seat, call));
    await messaging.send(farewellFor(seat));
    messaging.sender = { id: 'another-extension' };
    await messaging.send(farewellFor(seat));
    expect([calls, leaves]).toEqual([[], 0]);
  });

  it('hears nothing any more once its page was left', async () => {
    life.abort();
    await messaging.send(farewellFor(seat)).catch(() => undefined);
    expect(leaves).toBe(0);
  });
});
