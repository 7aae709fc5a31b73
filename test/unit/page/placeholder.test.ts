// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AskError } from '../../../src/contract/asking.ts';
import type { RecallOutcome } from '../../../src/message/recall.ts';
import {
  fakeTime,
  insideOf,
  plainRow,
  readOut,
  snapshot,
  startDecorated,
  type Decorated,
} from './decorated.ts';
import { account, FakeWorker, settle } from './fake-worker.ts';

let page: Decorated;
let worker: FakeWorker;
let list: HTMLUListElement;

beforeEach(() => {
  fakeTime();
  document.body.replaceChildren();
  list = document.createElement('ul');
  document.body.append(list);
  worker = new FakeWorker();
});
afterEach(() => {
  page.life.abort();
  vi.useRealTimers();
});

const placeholder = { key: 'someone', who: 'Bob', whose: 'Bob' } as const;
function add(id: string, isRecalled: boolean): HTMLLIElement {
  worker.set({ id, ...(isRecalled && { placeholder }) });
  const row = plainRow(id);
  list.append(row);
  return row;
}
const isGone = (row: Element): boolean => row.getAttribute('data-unsay-recalled') === 'gone';

it('tells when a message was recalled, by this computer’s clock', async () => {
  // The minute is over while it is drawn.
  vi.setSystemTime('2026-01-01T10:00:59.999Z');
  worker.offset = 3_600_000;
  worker.set({ id: '1-1-1', placeholder, recalledAt: worker.now() - 60_000 });
  const row = plainRow('1-1-1');
  list.append(row);
  page = startDecorated(worker);
  await settle();
  expect(page.says(row)).toEqual(['Bob recalled a messageAt 09:59']);
});

it.each(['the row', 'the bar'])(
  'stands there as soon as the recall that was asked for in %s is answered',
  async (where) => {
    HTMLElement.prototype.showPopover = () => undefined;
    worker.mine('1-1-1');
    const until = worker.now() + 100_000;
    const time = Math.floor(worker.now() / 1000) - 20;
    worker.bar = {
      time: { serverNow: worker.now(), clock: Date.now() },
      messages: [{ id: '1-1-1', time, until, showUntil: until, isRecalled: false, warnings: [] }],
    };
    const row = plainRow('1-1-1');
    list.append(row);
    page = startDecorated(worker);
    await settle(400);
    const recalled = (): Promise<RecallOutcome> => {
      worker.set({ id: '1-1-1', isMine: true, placeholder: { ...placeholder, key: 'you' } });
      return Promise.resolve({ ok: true, at: worker.now() });
    };
    worker.outcome = recalled;
    worker.answers.recallMine = recalled;
    if (where === 'the row') page.press(row);
    else {
      const host = document.querySelector('[data-unsay=bar]');
      const button = host && insideOf(host)?.querySelector<HTMLButtonElement>('.undo');
      button?.click();
    }
    await settle(5);
    expect(page.says(row)).toEqual(['You recalled a message']);
  },
);

describe('in the compact style', () => {
  it('recalled messages that follow each other share one line', async () => {
    worker.style = 'compact';
    const rows = [
      add('1-1-1', true),
      add('1-1-2', true),
      add('1-1-3', true),
      add('1-1-4', false),
      add('1-1-5', true),
    ];
    page = startDecorated(worker);
    await settle();
    expect(rows.map((row) => page.says(row))).toEqual([
      ['3 messages recalled'],
      [],
      [],
      [],
      ['Bob recalled a message'],
    ]);
    expect(rows.map(isGone)).toEqual([false, true, true, false, false]);
  });

  it('a run grows with a message recalled next to it, and breaks up when rows leave', async () => {
    worker.style = 'compact';
    const [first, second] = [add('1-1-1', true), add('1-1-2', false)];
    page = startDecorated(worker);
    await settle();
    expect(page.says(first)).toEqual(['Bob recalled a message']);
    worker.set({ id: '1-1-2', placeholder });
    worker.tell({ kind: 'rows', ids: ['1-1-2'] });
    await settle();
    expect([page.says(first), page.says(second)]).toEqual([['2 messages recalled'], []]);
    first.remove();
    await settle();
    expect(page.says(second)).toEqual(['Bob recalled a message']);
    expect(isGone(second)).toBe(false);
  });

  describe('a line of several', () => {
    /** Each is when it was recalled (a minute), and why. */
    const recalled = async (...facts: [minute?: number, reason?: string][]): Promise<string[]> => {
      vi.setSystemTime('2026-01-01T10:00:00Z');
      worker.style = 'compact';
      facts.forEach(([minute, reason], at) => {
        const id = `1-1-${at + 1}`;
        add(id, true);
        const when = minute !== undefined && { recalledAt: Date.UTC(2026, 0, 1, 9, minute) };
        worker.set({ id, placeholder, ...when, ...(reason !== undefined && { reason }) });
      });
      page = startDecorated(worker);
      await settle();
      return page.says(list);
    };

    it('tells what is the same of all of them', async () => {
      const said = await recalled([1, 'spam'], [1, 'spam'], [1, 'spam']);
      expect(said).toEqual(['3 messages recalledAt 09:01', 'Reason: spam']);
    });

    it('tells when and why of each where these differ', async () => {
      const said = await recalled([1, 'spam'], [1], [2, 'a threat'], [1], []);
      const each = ['At 09:01 · Reason: spam', 'At 09:01', 'At 09:02 · Reason: a threat', '…'];
      expect(said).toEqual([`5 messages recalled${each.join('\n')}`]);
    });

    it('tells only when where the reason is the same, and of no more than can be read', async () => {
      const said = await recalled(...[1, 2, 3, 4, 5, 6, 7].map((at): [number] => [at]));
      const each = [1, 2, 3, 4, 5].map((at) => `At 09:0${at}`);
      expect(said).toEqual([`7 messages recalled${[...each, '…'].join('\n')}`]);
    });

    it('says nothing of what nobody knows', async () => {
      expect(await recalled([], [])).toEqual(['2 messages recalled']);
    });

    it('tells what is learnt of one that is not the first', async () => {
      await recalled([1], [1]);
      worker.set({ id: '1-1-2', placeholder, recalledAt: Date.UTC(2026, 0, 1, 9, 2) });
      worker.tell({ kind: 'rows', ids: ['1-1-2'] });
      await settle();
      expect(page.says(list)).toEqual(['2 messages recalledAt 09:01\nAt 09:02']);
    });
  });

  it('a message whose words can be put back has a line of its own until they are forgotten', async () => {
    worker.style = 'compact';
    const rows = ['1-1-1', '1-1-2', '1-1-3', '1-1-4'].map((id) => add(id, true));
    const keep = (id: string, seconds: number): void => {
      const reeditUntil = worker.now() + seconds * 1000;
      worker.set({ id, isMine: true, placeholder: { ...placeholder, key: 'you' }, reeditUntil });
    };
    keep('1-1-2', 60);
    keep('1-1-3', 120);
    page = startDecorated(worker);
    await settle();
    expect(rows.map((row) => page.says(row))).toEqual([
      ['Bob recalled a message'],
      ['You recalled a message', 'Edit again 1'],
      ['You recalled a message', 'Edit again 2'],
      ['Bob recalled a message'],
    ]);
    await settle(61_000);
    expect(rows.map((row) => page.says(row))).toEqual([
      ['2 messages recalled'],
      [],
      ['You recalled a message', 'Edit again 1'],
      ['Bob recalled a message'],
    ]);
    // Words that are known to be kept only now come out of a line of several.
    keep('1-1-1', 60);
    worker.tell({ kind: 'rows', ids: ['1-1-1'] });
    await settle(61_000 - 2000);
    expect(rows.map((row) => page.says(row))).toEqual([
      ['You recalled a message', 'Edit again 1'],
      ['3 messages recalled'],
      [],
      [],
    ]);
    await settle(4000);
    expect(rows.map((row) => page.says(row))).toEqual([['4 messages recalled'], [], [], []]);
  });
});

describe('when its user leaves', () => {
  const cover = async (): Promise<Element> => {
    worker.set({ id: '1-1-1', placeholder });
    worker.set({ id: '1-1-2', isMine: true, until: worker.now() + 60_000 });
    const row = plainRow('1-1-1');
    list.append(row, plainRow('1-1-2'));
    page = startDecorated(worker);
    await settle();
    expect(page.says(list)).toEqual(['Bob recalled a message', expect.stringContaining('Recall')]);
    worker.rows.clear();
    return row;
  };
  const become = async (account: string | undefined): Promise<void> => {
    worker.account = account;
    worker.tell({ kind: 'account' });
    await settle();
  };

  it('it stays: nobody is shown what was recalled', async () => {
    const row = await cover();
    await become(undefined);
    expect(page.says(list)).toEqual(['Bob recalled a message']);
    expect(row.hasAttribute('data-unsay-recalled')).toBe(true);
    // Also when the page draws it anew.
    const again = plainRow('1-1-1');
    row.replaceWith(again);
    await settle();
    expect(page.says(again)).toEqual(['Bob recalled a message']);
  });

  it('it stays for them when they come back, before everything is known again', async () => {
    await cover();
    await become(undefined);
    await become(account);
    expect(page.says(list)).toEqual(['Bob recalled a message']);
  });

  it('it goes when somebody else is there, to whom it is not recalled', async () => {
    const row = await cover();
    await become(undefined);
    await become('1400000001:bob');
    expect(page.says(list)).toEqual([]);
    expect(row.hasAttribute('data-unsay-recalled')).toBe(false);
  });
});

it('in the hiding style nothing stands in the place of a recalled message', async () => {
  worker.style = 'hide';
  const row = add('1-1-1', true);
  const before = snapshot();
  page = startDecorated(worker);
  await settle();
  expect(page.says(row)).toEqual([]);
  expect(isGone(row)).toBe(true);
  worker.style = undefined;
  worker.tell({ kind: 'account' });
  await settle();
  expect(page.says(row)).toEqual(['Bob recalled a message']);
  page.life.abort();
  expect(snapshot()).toBe(before);
});

describe('the words of my own recalled message', () => {
  beforeEach(() => {
    const reeditUntil = worker.now() + 200_000;
    worker.set({
      id: '1-1-1',
      isMine: true,
      placeholder: { ...placeholder, key: 'you' },
      reeditUntil,
    });
    list.append(plainRow('1-1-1'));
    worker.answers.reedit = 'first words';
  });
  const row = (): Element => list.children[0] ?? list;

  it('are offered beside the placeholder for as long as they are kept', async () => {
    page = startDecorated(worker);
    await settle();
    expect(page.says(row())).toEqual(['You recalled a message', 'Edit again 4']);
    await settle(201_000);
    expect(page.says(row())).toEqual(['You recalled a message']);
  });

  it('go into the composer when they are wanted, and are forgotten then', async () => {
    const field = document.createElement('textarea');
    field.getBoundingClientRect = () => new DOMRect(0, 500, 600, 40);
    document.body.append(field);
    page = startDecorated(worker);
    await settle();
    page.press(row(), 'reedit');
    await settle();
    expect(field.value).toBe('first words');
    expect(worker.others.at(-1)).toEqual([
      'reeditDone',
      { account, conversation: 'C2Cbob', id: '1-1-1' },
    ]);
  });

  const cannot = [
    ['nobody answers', 'Not put back', () => Promise.reject(new AskError('nobody'))],
    ['there is no message box', 'No message box', 'first words'],
  ] as const;
  it.each(cannot)('are offered on, and it is said once, where %s', async (_, says, answer) => {
    worker.answers.reedit = answer;
    const field = document.createElement('textarea');
    field.getBoundingClientRect = () => new DOMRect(0, 500, 600, 40);
    if (says === 'Not put back') document.body.append(field);
    page = startDecorated(worker);
    await settle();
    const heard = readOut(row());
    for (let pressed = 0; pressed < 2; pressed += 1) {
      page.press(row(), 'reedit');
      expect(page.says(row())).toEqual(['You recalled a message', 'Edit again 4']);
      await settle(5000);
      expect(page.says(row())).toEqual(['You recalled a message', says, 'Edit again 4']);
      expect(heard()).toEqual([says]);
    }
    worker.answers.reedit = 'first words';
    document.body.append(field);
    // That there is no message box is not said any more once there is one.
    await settle(2000);
    const before = says === 'No message box' ? [] : [says];
    expect(page.says(row())).toEqual(['You recalled a message', ...before, 'Edit again 4']);
    page.press(row(), 'reedit');
    await settle();
    expect(field.value).toBe('first words');
    expect(page.says(row())).toEqual(['You recalled a message', 'Put back']);
  });

  it('are not offered any more when the worker does not have them', async () => {
    worker.answers.reedit = undefined;
    const field = document.createElement('textarea');
    field.getBoundingClientRect = () => new DOMRect(0, 500, 600, 40);
    document.body.append(field);
    page = startDecorated(worker);
    await settle();
    page.press(row(), 'reedit');
    await settle(5000);
    expect(page.says(row())).toEqual(['You recalled a message', 'Gone']);
  });

  it('are not put anywhere on a click that the guard does not allow', async () => {
    page = startDecorated(worker);
    await settle();
    page.guard.isOpen = false;
    page.press(row(), 'reedit');
    await settle();
    expect(worker.others.map(([question]) => question)).not.toContain('reedit');
  });
});
