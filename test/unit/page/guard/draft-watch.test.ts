// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fakeTime, plainRow, startDecorated, type Decorated } from '../decorated.ts';
import { account, FakeWorker, settle } from '../fake-worker.ts';

let page: Decorated | undefined;
let worker: FakeWorker;
let list: HTMLUListElement;

beforeEach(() => {
  fakeTime();
  HTMLElement.prototype.showPopover = () => undefined;
  worker = new FakeWorker();
  list = document.createElement('ul');
  document.body.replaceChildren(list);
});
afterEach(() => {
  page?.life.abort();
  vi.useRealTimers();
});

type Field = HTMLTextAreaElement | HTMLInputElement;
function compose(kind: 'textarea' | 'input' = 'textarea'): Field {
  const field = document.createElement(kind);
  field.getBoundingClientRect = () => new DOMRect(0, 500, 600, 40);
  document.body.append(field);
  field.focus();
  return field;
}

/** The page shows another chat, of which one message is known, which is not mine. */
function show(id: string, conversation: string): void {
  worker.set({ id, conversation });
  list.replaceChildren(plainRow(id));
}

function act(target: Element, event: Event): void {
  Object.defineProperty(event, 'isTrusted', { value: true });
  target.dispatchEvent(event);
}
function write(field: Field, text: string): void {
  act(field, new KeyboardEvent('keydown', { key: text.at(-1) ?? '', bubbles: true }));
  field.value = text;
  act(field, new InputEvent('input', { bubbles: true }));
}
/** Sends what is in the field, and lets the worker tell of it. */
async function send(field: Field, id: string, conversation: string): Promise<void> {
  act(field, new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  field.value = '';
  const until = worker.now() + 100_000;
  const own = { account, conversation, name: 'Carol', kind: 'text', excerpt: 'hi' } as const;
  const time = Math.floor(worker.now() / 1000);
  worker.bar = {
    time: { serverNow: worker.now(), clock: Date.now() },
    messages: [{ id, time, until, showUntil: until, isRecalled: false, warnings: [], own }],
  };
  worker.tell({ kind: 'account' });
  await settle();
}
const warned = (): unknown[] =>
  worker.others.flatMap(([question, what]) => (question === 'warnOf' ? [what] : []));

it.each(['textarea', 'input'] as const)(
  'notices the first switch after a page loaded that had the focus in its %s before anything was known',
  async (kind) => {
    const field = compose(kind);
    page = startDecorated(worker);
    show('1-1-1', 'C2Cbob');
    await settle();
    act(list, new Event('pointerdown', { bubbles: true }));
    show('1-1-2', 'C2Ccarol');
    await settle();
    write(field, 'hi');
    await send(field, '1-1-3', 'C2Ccarol');
    expect(warned()).toEqual([{ id: '1-1-3', rules: ['switched'] }]);
  },
);

it('has nothing to do in a page of which nothing is known, nor where nobody writes', async () => {
  page = startDecorated(worker);
  show('1-1-1', 'C2Cbob');
  worker.account = undefined;
  compose();
  await settle();
  expect(worker.others).toEqual([]);
  document.body.tabIndex = 0;
  document.body.focus();
  worker.account = account;
  worker.tell({ kind: 'account' });
  await settle();
  expect(worker.others).toEqual([]);
});

it('knows a draft that was begun before it came for the chat that was open then', async () => {
  const field = compose();
  field.value = 'Shall we ';
  page = startDecorated(worker);
  show('1-1-1', 'C2Cbob');
  await settle();
  act(list, new Event('pointerdown', { bubbles: true }));
  show('1-1-2', 'C2Ccarol');
  await settle(5000);
  write(field, 'Shall we meet?');
  await send(field, '1-1-3', 'C2Ccarol');
  expect(warned()).toEqual([{ id: '1-1-3', rules: ['begun-elsewhere'] }]);
});
