// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Composer } from '../../../src/page/composer.ts';
import { makePutBack } from '../../../src/page/tools/put-back.ts';
import { fakeTime, plainRow, sentences, startDecorated, type Decorated } from './decorated.ts';
import { account, FakeWorker, settle } from './fake-worker.ts';

const words = 'the words that were recalled';

let page: Decorated;
let worker: FakeWorker;
let row: HTMLElement;
let field: HTMLTextAreaElement;
/** What the page heard in its composer. */
let heard: string[];

beforeEach(async () => {
  fakeTime();
  field = document.createElement('textarea');
  field.getBoundingClientRect = () => new DOMRect(0, 500, 600, 40);
  row = plainRow('1-1-1');
  document.body.replaceChildren(row, field);
  heard = [];
  for (const type of ['keydown', 'keypress', 'keyup'] as const) {
    field.addEventListener(type, ({ key }) => heard.push(`${type} ${key}`));
  }
  worker = new FakeWorker();
  worker.set({
    id: '1-1-1',
    isMine: true,
    placeholder: { key: 'you', who: 'Alice', whose: 'Alice' },
    reeditUntil: worker.now() + 200_000,
  });
  worker.answers.reedit = words;
  page = startDecorated(worker);
  await settle();
});
afterEach(() => {
  page.life.abort();
  vi.useRealTimers();
});

interface Press {
  readonly at?: Element;
  readonly repeat?: boolean;
  readonly isTrusted?: boolean;
  readonly isComposing?: boolean;
}
/** A key as the browser tells of it; true when it would do what it does. */
function key(type: string, name: string, how: Press = {}): boolean {
  const { at = field, isTrusted = true, ...more } = how;
  const event = new KeyboardEvent(type, { key: name, bubbles: true, cancelable: true, ...more });
  Object.defineProperty(event, 'isTrusted', { value: isTrusted });
  return at.dispatchEvent(event);
}

/** Presses Edit again and waits until the words are in the composer. */
async function putBack(): Promise<void> {
  page.press(row, 'reedit');
  await settle(60);
  expect(field.value).toBe(words);
}

describe('an Enter that was pressed to put words back', () => {
  it('sends nothing when it is pressed twice', async () => {
    await putBack();
    expect(key('keydown', 'Enter')).toBe(false);
    expect(key('keypress', 'Enter')).toBe(false);
    expect(key('keyup', 'Enter')).toBe(false);
    expect(heard).toEqual([]);
  });

  it('sends nothing when it bounces while the words are on their way', async () => {
    page.press(row, 'reedit');
    page.press(row, 'reedit');
    await settle(60);
    expect(field.value).toBe(words);
    expect(worker.others.filter(([question]) => question === 'reedit')).toHaveLength(1);
  });

  it('sends nothing as long as it is held down, nor when it is let go', async () => {
    await putBack();
    for (let passed = 0; passed < 3000; passed += 100) {
      expect(key('keydown', 'Enter', { repeat: true })).toBe(false);
      await settle(100);
    }
    expect(key('keyup', 'Enter')).toBe(false);
    expect(heard).toEqual([]);
    expect(key('keydown', 'Enter')).toBe(true);
    expect(key('keyup', 'Enter')).toBe(true);
    expect(heard).toEqual(['keydown Enter', 'keyup Enter']);
  });

  it('is told from one that is meant: one that comes later', async () => {
    await putBack();
    await settle(1000);
    expect(key('keydown', 'Enter')).toBe(true);
    expect(key('keypress', 'Enter')).toBe(true);
    expect(key('keydown', 'Enter', { repeat: true })).toBe(true);
    expect(heard).toEqual(['keydown Enter', 'keypress Enter', 'keydown Enter']);
  });

  it('is told from one that is meant: one after something was typed', async () => {
    await putBack();
    expect(key('keydown', 'x')).toBe(true);
    expect(key('keydown', 'Enter')).toBe(true);
    expect(heard).toEqual(['keydown x', 'keydown Enter']);
  });

  it('is none that goes elsewhere, chooses a word, or is made by a script', async () => {
    await putBack();
    expect(key('keydown', 'Enter', { at: document.body })).toBe(true);
    expect(key('keydown', 'Enter', { isTrusted: false })).toBe(true);
    expect(key('keydown', 'Enter')).toBe(false);
    expect(key('keydown', 'Enter', { isComposing: true })).toBe(true);
  });

  it('is left alone once Unsay is gone', async () => {
    await putBack();
    page.life.abort();
    expect(key('keydown', 'Enter')).toBe(true);
  });
});

describe('that words are in the message box', () => {
  it.each([
    ['where somebody could not be mentioned again', [{ user: 'al', from: 0, to: 3 }], true],
    ['where nobody could be found in them', [], false],
  ])('is told with whom they mention %s', async (_, found, isWhole) => {
    worker.answers.mentions = { found, isWhole };
    await putBack();
    expect(page.says(row).join()).toContain('Put back without mentions');
  });

  it.each([
    ['until they are sent or taken out', words, true],
    ['to the end where nothing of them can be read', '', undefined],
  ])('is told %s', async (_, readable, isPast) => {
    let text = readable;
    const putBack = makePutBack({
      ask: worker.ask,
      askForTools: worker.ask as never,
      composer: { find: () => field, text: () => text } as unknown as Composer,
      sentences,
      signal: page.life.signal,
    });
    const message = { account, conversation: 'C2Cbob', id: '1-1-1' };
    const [outcome] = await Promise.all([putBack(message, () => true), settle()]);
    expect(outcome).toMatchObject({ note: 'Put back', isOver: true });
    expect(outcome.isPast?.() ?? false).toBe(false);
    text = '';
    expect(outcome.isPast?.()).toBe(isPast);
  });
});
