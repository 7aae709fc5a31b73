// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startFerry, type FerryOptions } from '../../../src/page/session/ferry.ts';

let life: AbortController;
/** What the worker was asked, in order. */
let asked: string[];

beforeEach(() => {
  life = new AbortController();
  asked = [];
});
afterEach(() => {
  life.abort();
});

function start(): void {
  const ask = (question: string): Promise<unknown> => {
    asked.push(question);
    return Promise.resolve({ decorates: true });
  };
  startFerry({
    document,
    window,
    ask: ask as FerryOptions['ask'],
    answerSeat: () => undefined,
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
