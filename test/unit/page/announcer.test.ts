// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AskError } from '../../../src/contract/asking.ts';
import type { BarMessageView } from '../../../src/contract/views.ts';
import {
  fakeTime,
  insideOf,
  plainRow,
  readOut,
  startDecorated,
  type Decorated,
} from './decorated.ts';
import { account, FakeWorker, settle } from './fake-worker.ts';

let page: Decorated;
let worker: FakeWorker;
let heard: () => string[];

/** A message of mine to somebody, sent that many seconds ago. */
function sent(id: string, name: string, ago: number): BarMessageView {
  const until = worker.now() + 100_000;
  return {
    id,
    time: Math.floor(worker.now() / 1000) - ago,
    until,
    showUntil: until,
    isRecalled: false,
    warnings: [],
    own: { account, conversation: 'C2Cbob', name, kind: 'text', excerpt: 'words' },
  };
}
/** Has the worker say what there is for the bar. */
async function say(...messages: BarMessageView[]): Promise<void> {
  worker.bar = { time: { serverNow: worker.now(), clock: Date.now() }, messages };
  worker.tell({ kind: 'account' });
  await settle(400);
}
const bar = (): Element => {
  const host = document.querySelector('[data-unsay=bar]');
  if (!host) throw new Error('There is no bar.');
  return host;
};
/** What was said last. */
const said = (): string =>
  withoutTime(insideOf(bar())?.querySelector('.said[role=status]')?.textContent ?? '');
const withoutTime = (words: string): string => words.replace(/, [\d.]+ s$/u, '');
async function press(button: string): Promise<void> {
  insideOf(bar())?.querySelector<HTMLButtonElement>(`${button}:not([hidden])`)?.click();
  await settle(10);
}

beforeEach(() => {
  fakeTime();
  document.body.replaceChildren();
  HTMLElement.prototype.showPopover = () => undefined;
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  worker = new FakeWorker();
  page = startDecorated(worker);
});
afterEach(() => {
  page.life.abort();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('what the bar says to those who listen', () => {
  beforeEach(async () => {
    await say(sent('1-1-1', 'Bob', 20));
    expect(said()).toBe('Sent to Bob');
    const readings = readOut(bar());
    heard = () => readings().map(withoutTime);
  });

  it('is every refusal, also another one and the same one once more', async () => {
    const refuse = (code: number): void => {
      worker.answers.recallMine = { ok: false, why: 'unknown', code };
    };
    refuse(1);
    await press('.undo');
    expect(heard()).toEqual(['To Bob: Refused: unknown 1']);
    refuse(2);
    await press('.undo');
    expect(heard()).toEqual(['To Bob: Refused: unknown 2']);
    await press('.undo');
    expect(heard()).toEqual(['To Bob: Refused: unknown 2']);
    worker.answers.recallMine = () => Promise.reject(new AskError('nobody'));
    await press('.undo');
    expect(heard()).toEqual(['To Bob: No answer']);
    await settle(10_000);
    expect(heard()).toEqual([]);
  });

  it('is another refusal that only the worker told of', async () => {
    const refused = (code: number): BarMessageView => ({
      ...sent('1-1-1', 'Bob', 20),
      progress: { state: 'refused', why: 'unknown', code },
    });
    await say(refused(1));
    await say(refused(2));
    expect(heard()).toEqual(['To Bob: Refused: unknown 1', 'To Bob: Refused: unknown 2']);
  });

  it('is once that a recall waits for the connection', async () => {
    const until = worker.now() + 50_000;
    worker.answers.recallMine = { ok: false, why: 'waiting', until };
    await press('.undo');
    await say({ ...sent('1-1-1', 'Bob', 20), progress: { state: 'waiting', until } });
    await settle(10_000);
    expect(heard()).toEqual(['Waiting  for Bob']);
  });

  it('is once that a recall got no answer yet', async () => {
    const asking = (why?: 'unanswered'): BarMessageView => ({
      ...sent('1-1-1', 'Bob', 20),
      progress: { state: 'asking', ...(why && { why }) },
    });
    await say(asking());
    await say(asking('unanswered'));
    await say({ ...asking('unanswered'), time: 1 });
    expect(heard()).toEqual(['No answer yet from Bob']);
  });

  it('is what became of each of several messages at a time', async () => {
    const [ann, bob] = [sent('1-1-2', 'Ann', 10), sent('1-1-1', 'Bob', 20)];
    await say(ann, bob);
    expect(heard()).toEqual(['Sent to Ann']);
    await say(
      { ...ann, isRecalled: true },
      { ...bob, progress: { state: 'refused', why: 'switched-off' } },
    );
    expect(heard()).toEqual(['Recalled from Ann To Bob: Refused: switched-off']);
  });

  it('is each time that words could not be put back, and not again what they are of', async () => {
    const one = { ...sent('1-1-1', 'Bob', 20), isRecalled: true };
    worker.set({ id: '1-1-1', isMine: true });
    document.body.append(plainRow('1-1-1'));
    const reeditUntil = worker.now() + 90_000;
    await say({ ...one, ...(one.own && { own: { ...one.own, reeditUntil } }) });
    expect(heard()).toEqual(['Recalled from Bob']);
    await press('.reedit');
    await press('.reedit');
    expect(heard()).toEqual(['No message box', 'No message box']);
  });
});

describe('what came of a recall that was asked for in a row', () => {
  const one = (): BarMessageView => sent('1-1-1', 'Bob', 20);
  let row: HTMLElement;
  beforeEach(async () => {
    worker.mine('1-1-1');
    row = plainRow('1-1-1');
    document.body.append(row);
    await say(one());
    heard = readOut(bar());
    worker.answers.recall = new Promise(() => undefined);
    page.press(row);
    await settle();
  });
  const refuse = (): Promise<void> =>
    say({ ...one(), progress: { state: 'refused', why: 'switched-off' } });

  it('is told there', async () => {
    await refuse();
    expect(heard()).toEqual([]);
  });

  it('is told by the bar where the row is gone', async () => {
    row.remove();
    await settle();
    await refuse();
    expect(heard()).toEqual(['To Bob: Refused: switched-off']);
  });
});

it('the bar is there before its first words are: with it they would not be read out', async () => {
  const words: string[] = [];
  new MutationObserver(() => {
    const host = document.querySelector('[data-unsay=bar]');
    if (host) words.push(said());
  }).observe(document.documentElement, { childList: true });
  const one = sent('1-1-1', 'Bob', 20);
  await say(one);
  expect(said()).toBe('Sent to Bob');
  await say();
  await say({ ...one, id: '1-1-2' });
  expect(said()).toBe('Sent to Bob');
  expect(words).toEqual(['', '']);
});

it('of several messages that are new at a time the bar says the newest', async () => {
  await say(sent('1-1-3', 'Cy', 5), sent('1-1-2', 'Ann', 10), sent('1-1-1', 'Bob', 20));
  expect(said()).toBe('Sent to Cy');
});
