// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { guardClicks } from '../../../src/page/click-guard.ts';
import { findBarDoor } from '../../../src/page/bar/door.ts';
import { makeControl } from '../../../src/page/control.ts';
import {
  fakeTime,
  insideOf,
  plainRow,
  readOut,
  sentences,
  snapshot,
  startDecorated,
  type Decorated,
} from './decorated.ts';
import { account, FakeWorker, settle } from './fake-worker.ts';

let page: Decorated;
let list: HTMLUListElement;

beforeEach(() => {
  fakeTime();
  document.body.replaceChildren();
  list = document.createElement('ul');
  document.body.append(list);
});
afterEach(() => {
  page.life.abort();
  vi.useRealTimers();
});

function add(id: string): HTMLLIElement {
  const row = plainRow(id);
  list.append(row);
  return row;
}

const isHidden = (row: Element): boolean => row.hasAttribute('data-unsay-recalled');

describe('the Recall control', () => {
  it('is on my own recent messages only, with the time left', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 95);
    worker.set({ id: '1-1-2' });
    const [mine, theirs] = [add('1-1-1'), add('1-1-2')];
    page = startDecorated(worker);
    await settle();
    expect(page.says(mine)).toEqual(['Recall 1:35']);
    expect(page.says(theirs)).toEqual([]);
    expect(theirs.children).toHaveLength(1);
  });

  it('counts down by server time and is gone when the time is over', async () => {
    const worker = new FakeWorker();
    worker.offset = 3_600_000;
    worker.mine('1-1-1', 3);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    expect(page.says(row)).toEqual(['Recall 0:03']);
    await settle(1000);
    expect(page.says(row)).toEqual(['Recall 0:02']);
    await settle(2000);
    expect(page.says(row)).toEqual([]);
    expect(row.children).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('comes to rows that the page adds later, and to messages the worker learns later', async () => {
    const worker = new FakeWorker();
    page = startDecorated(worker);
    await settle();
    const row = add('1-1-1');
    await settle();
    expect(page.says(row)).toEqual([]);
    worker.mine('1-1-1', 60);
    worker.tell({ kind: 'rows', ids: ['1-1-1'] });
    await settle();
    expect(page.says(row)).toEqual(['Recall 1:00']);
  });

  it('says “at least” where there may be more time, and asks when only the service knows', async () => {
    const worker = new FakeWorker();
    const row = add('1-1-1');
    const until = worker.now() + 2_000;
    const more = { isAtLeast: true, askUntil: until + 60_000 };
    worker.set({ id: '1-1-1', isMine: true, author: 'Alice', until, ...more });
    page = startDecorated(worker);
    await settle();
    expect(page.says(row)).toEqual(['Recall at least 0:02']);
    await settle(3_000);
    expect(page.says(row)).toEqual(['Recall ?']);
    page.press(row);
    await settle();
    expect(worker.recalls).toHaveLength(1);
    await settle(60_000);
    expect(page.button(row)).toBeUndefined();
  });

  it('asks for the row it stands on, and says what is going on', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    let finish = (): void => undefined;
    worker.outcome = () =>
      new Promise((resolve) => {
        finish = () => {
          resolve({ ok: true, at: 1 });
        };
      });
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    page.press(row);
    expect(page.says(row)).toEqual(['Recalling…']);
    expect(worker.recalls).toEqual([{ account, conversation: 'C2Cbob', id: '1-1-1' }]);
    worker.set({ id: '1-1-1', placeholder: { key: 'you', who: 'Alice', whose: 'Alice' } });
    finish();
    await settle();
    expect(page.says(row)).toEqual(['You recalled a message']);
    expect(isHidden(row)).toBe(true);
  });

  it('says that no click counts before it has its place', () => {
    page = startDecorated(new FakeWorker());
    const ignore = (): undefined => undefined;
    const onReedit = () => Promise.resolve({ note: '', isOver: false });
    const heard = { onRecall: ignore, onReedit, onDismiss: ignore, onAsked: ignore };
    const { host } = makeControl({
      document,
      sentences,
      guardClicks,
      author: undefined,
      ...heard,
      onResize: ignore,
      onSight: ignore,
    });
    const buttons = insideOf(host)?.querySelectorAll('.recall,.reedit,.yes') ?? [];
    const says = [...buttons].map((button) => button.getAttribute('aria-disabled'));
    expect(says).toEqual(['true', 'true', 'true']);
  });

  it('does nothing on a click that the guard does not allow', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    page.guard.isOpen = false;
    page.press(row);
    await settle();
    expect(worker.recalls).toEqual([]);
    expect(page.says(row)).toEqual(['Recall 1:00']);
  });

  it('recalls nothing when the page gave the row another message meanwhile', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    row.dataset.messageId = '1-1-2';
    page.press(row);
    await settle();
    expect(worker.recalls).toEqual([]);
    expect(page.says(row)).toEqual([]);
  });

  it('keeps the page from hearing the clicks on it', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    const heard = vi.fn();
    row.addEventListener('click', heard);
    page = startDecorated(worker);
    await settle();
    page.press(row);
    expect(worker.recalls).toHaveLength(1);
    expect(heard).not.toHaveBeenCalled();
  });

  it('asks before it recalls somebody else’s message, naming them', async () => {
    const worker = new FakeWorker();
    const until = worker.now() + 60_000;
    worker.set({ id: '1-1-1', conversation: 'GROUPteam', author: 'Carol', until });
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    expect(page.button(row)?.getAttribute('aria-label')).toBe('Recall Carol, 60 s');
    page.press(row);
    expect(page.says(row)).toEqual(['Recall Carol?', 'Yes', 'No']);
    page.press(row, 'no');
    expect(page.says(row)).toEqual(['Recall 1:00']);
    expect(worker.recalls).toEqual([]);
    page.press(row);
    page.press(row, 'yes');
    expect(worker.recalls).toEqual([{ account, conversation: 'GROUPteam', id: '1-1-1' }]);
  });

  it('has the bar leave room for the question, as for whatever says more than an offer', async () => {
    const worker = new FakeWorker();
    const until = worker.now() + 60_000;
    worker.set({ id: '1-1-1', conversation: 'GROUPteam', author: 'Carol', until });
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    const left = (): number | undefined => findBarDoor()?.world.told().length;
    const before = left();
    page.press(row);
    expect(left()).toBe(Number(before) + 1);
  });

  it('says why a recall was refused, and offers another try only where it can help', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    worker.mine('1-1-2', 60);
    const [final, passing] = [add('1-1-1'), add('1-1-2')];
    page = startDecorated(worker);
    await settle();
    worker.outcome = () => Promise.resolve({ ok: false, why: 'switched-off', code: 10041 });
    page.press(final);
    worker.outcome = () => Promise.resolve({ ok: false, why: 'unknown', code: 12345 });
    page.press(passing);
    await settle();
    expect(page.says(final)).toEqual(['Refused: switched-off 10041', '×']);
    expect(page.says(passing)).toEqual(['Refused: unknown 12345', 'Again', '×']);
    // Two of them leave each other room: whole ones are for who is at them.
    const isBrief = (row: Element): boolean =>
      page.button(row, 'dismiss')?.parentElement?.hasAttribute('data-brief') === true;
    expect([final, passing].map(isBrief)).toEqual([true, true]);
    page.press(passing, 'dismiss');
    expect(page.says(passing)).toEqual(['Recall 1:00']);
    await settle();
    expect(isBrief(final)).toBe(false);
    page.press(final, 'dismiss');
    expect(page.says(final)).toEqual([]);
  });

  it('says that a recall waits for the connection, and for how long', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    const until = worker.now() + 50_000;
    worker.outcome = () => Promise.resolve({ ok: false, why: 'waiting', until });
    page.press(row);
    await settle(0);
    expect(page.says(row)).toEqual(['Waiting 0:50']);
  });

  it.each([
    ['that it waits', { ok: false, why: 'waiting', until: 50_000 }, 'Waiting', 'Waiting 0:42'],
    ['why it was refused', { ok: false, why: 'unknown', code: 1 }, 'Refused: unknown 1', undefined],
  ] as const)('is read out once when it tells %s', async (_, outcome, heard, shown) => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    page.button(row)?.focus();
    const readings = readOut(row);
    const until = worker.now() + 50_000;
    worker.outcome = () =>
      Promise.resolve(outcome.why === 'waiting' ? { ...outcome, until } : outcome);
    page.press(row);
    await settle(9900);
    expect(readings()).toEqual(['Recalling…', heard]);
    expect(page.says(row)[0]).toBe(shown ?? heard);
  });

  it('says so when nobody answered', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    worker.isDead = true;
    page.press(row);
    await settle(0);
    expect(page.says(row)).toEqual(['No answer', 'Again', '×']);
  });

  it('is not offered to somebody else than who is signed in to the page', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    expect(page.says(row)).toEqual(['Recall 1:00']);
    worker.account = '1400000001:bob';
    worker.rows.clear();
    worker.tell({ kind: 'account' });
    await settle();
    expect(page.says(row)).toEqual([]);
  });

  it('follows the computer over a changed clock by asking for the time again', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 100);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    const before = worker.looks.length;
    // The clock is set an hour back: server time is where it was.
    vi.setSystemTime(Date.now() - 3_600_000);
    worker.offset += 3_600_000;
    await settle(1200);
    expect(worker.looks.length).toBeGreaterThan(before);
    expect(page.says(row)).toEqual(['Recall 1:39']);
  });
});

describe('the placeholder', () => {
  const placeholder = { key: 'someoneFrom', who: 'Bob', whose: 'Carol' } as const;

  it('stands in place of a recalled message on a page that does nothing about it', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-1', placeholder, reason: 'Off topic' });
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    expect(page.says(row)).toEqual(['Bob recalled a message from Carol', 'Reason: Off topic']);
    expect(isHidden(row)).toBe(true);
    // The page's own nodes are where they were.
    expect(row.firstElementChild?.className).toBe('bubble');
  });

  it('survives that the page draws the row anew, and comes back at once with a new row', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-1', placeholder });
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    row.innerHTML = '<div class="bubble">the same words again</div>';
    await settle(0);
    expect(page.says(row)).toEqual(['Bob recalled a message from Carol']);
    list.replaceChildren();
    await settle();
    const asked = worker.looks.length;
    const next = add('1-1-1');
    await settle(0);
    // Known already: before the page is drawn, and before anybody is asked.
    expect(worker.looks).toHaveLength(asked);
    expect(page.says(next)).toEqual(['Bob recalled a message from Carol']);
  });

  it('leaves a row that the page uses for another message', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-1', placeholder });
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    row.dataset.messageId = '1-1-2';
    await settle(0);
    expect(page.says(row)).toEqual([]);
    expect(isHidden(row)).toBe(false);
  });

  it('is not on a copy that the page makes of a row, nor is a control', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    worker.set({ id: '1-1-2', placeholder: { key: 'you', who: 'Alice', whose: 'Alice' } });
    const rows = [add('1-1-1'), add('1-1-2')];
    page = startDecorated(worker);
    await settle();
    const copies = rows.map((row, at) => {
      const copy = row.cloneNode(true) as HTMLLIElement;
      copy.dataset.messageId = `2-2-${at}`;
      list.append(copy);
      return copy;
    });
    await settle();
    for (const copy of copies) {
      expect(copy.querySelector('[data-unsay=control],[data-unsay=placeholder]')).toBeNull();
      expect(copy.getAttributeNames()).toEqual(['data-message-id']);
    }
    expect(rows.map((row) => page.says(row).length)).not.toContain(0);
  });

  describe('where the page puts its own style sheets in place of all there are', () => {
    const theirs = new CSSStyleSheet();
    const covers = (): boolean =>
      document.adoptedStyleSheets.some((sheet) =>
        [...sheet.cssRules].some(({ cssText }) => cssText.includes('[data-unsay-recalled]')),
      );
    beforeEach(async () => {
      const worker = new FakeWorker();
      worker.set({ id: '1-1-1', placeholder });
      add('1-1-1');
      page = startDecorated(worker);
      await settle();
      expect(covers()).toBe(true);
      document.adoptedStyleSheets = [theirs];
    });

    it('goes on covering the words within a second', async () => {
      for (let times = 0; times < 2; times += 1) {
        expect(covers()).toBe(false);
        await settle(1000);
        expect(covers()).toBe(true);
        document.adoptedStyleSheets = [theirs];
      }
    });

    it('does so at once where anything moves, and leaves theirs alone', async () => {
      document.body.append(document.createElement('p'));
      await settle(0);
      expect(covers()).toBe(true);
      document.body.append(document.createElement('p'));
      await settle(0);
      expect(document.adoptedStyleSheets).toHaveLength(2);
      page.life.abort();
      expect(document.adoptedStyleSheets).toEqual([theirs]);
      document.adoptedStyleSheets = [];
    });

    it('is of no more interest when nothing is covered any more', async () => {
      document.body.replaceChildren();
      await settle(2000);
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  it('is on every row of the same message', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-1', placeholder });
    const rows = [add('1-1-1'), add('1-1-1')];
    page = startDecorated(worker);
    await settle();
    for (const row of rows) expect(page.says(row)).toHaveLength(1);
  });
});

describe('the sentences in a page of another language', () => {
  it('say which language they are in, so that they are drawn and read as that', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const placeholder = { key: 'you', who: 'Alice', whose: 'Alice' } as const;
    worker.set({ id: '1-1-2', placeholder, reason: 'a slip' });
    document.documentElement.lang = 'ja';
    const rows = [add('1-1-1'), add('1-1-2')];
    page = startDecorated(worker);
    await settle();
    const hosts = rows.flatMap((row) => [
      ...row.querySelectorAll('[data-unsay=control],[data-unsay=placeholder]'),
    ]);
    const parts = hosts.flatMap((host) => [...(insideOf(host)?.children ?? [])]);
    const spoken = parts.filter(({ textContent }) => textContent !== '');
    expect(spoken.map((part) => part.className)).toEqual(['control', 'line', 'reason']);
    expect(spoken.map((part) => (part as HTMLElement).lang)).toEqual(['en', 'en', 'en']);
    document.documentElement.removeAttribute('lang');
  });
});

describe('the focus', () => {
  it('goes from the button to what came of it', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle();
    page.button(row)?.focus();
    page.press(row);
    worker.set({ id: '1-1-1', placeholder: { key: 'you', who: 'Alice', whose: 'Alice' } });
    await settle();
    expect(document.activeElement?.getAttribute('data-unsay')).toBe('placeholder');
  });

  it('goes back to where it came from when a refusal was read', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    const field = document.createElement('textarea');
    document.body.append(field);
    page = startDecorated(worker);
    await settle();
    field.focus();
    page.button(row)?.focus();
    worker.outcome = () => Promise.resolve({ ok: false, why: 'too-late' });
    page.press(row);
    await settle();
    page.button(row, 'dismiss')?.focus();
    page.press(row, 'dismiss');
    expect(page.says(row)).toEqual([]);
    expect(document.activeElement).toBe(field);
  });
});

describe('leaving', () => {
  it('takes every trace out of the page', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    worker.set({ id: '1-1-2', placeholder: { key: 'otherParty', who: 'Bob', whose: 'Bob' } });
    add('1-1-1');
    add('1-1-2');
    const before = snapshot();
    page = startDecorated(worker);
    await settle();
    expect(snapshot()).not.toBe(before);
    worker.leave();
    expect(snapshot()).toBe(before);
    expect(vi.getTimerCount()).toBe(0);
    add('1-1-1');
    await settle();
    expect(document.querySelector('[data-unsay=control]')).toBeNull();
  });

  it('is made good by the next instance when the last one could not do it', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    const row = add('1-1-1');
    const before = snapshot();
    page = startDecorated(worker);
    await settle();
    // What a script leaves that was ended in the middle of what it did.
    const left = document.body.innerHTML;
    const sheets = document.adoptedStyleSheets;
    page.life.abort();
    document.body.innerHTML = left;
    document.adoptedStyleSheets = sheets;
    page = startDecorated(worker);
    await settle();
    expect(document.querySelectorAll('[data-unsay=control]')).toHaveLength(1);
    expect(row.isConnected).toBe(false);
    page.life.abort();
    expect(snapshot()).toBe(before);
  });
});

describe('asking', () => {
  it('asks for many rows in few questions, each row once', async () => {
    const worker = new FakeWorker();
    for (let n = 0; n < 1100; n += 1) add(`1-1-${n}`);
    page = startDecorated(worker);
    await settle(1000);
    expect(worker.looks.map(({ ids }) => ids.length)).toEqual([500, 600]);
    expect(worker.looks[0]?.ids).toContain('1-1-1099');
    expect(new Set(worker.looks.flatMap(({ ids }) => ids)).size).toBe(1100);
  });

  it('asks again, with pauses, while the worker cannot be reached', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    worker.isDead = true;
    const row = add('1-1-1');
    page = startDecorated(worker);
    await settle(500);
    expect(page.says(row)).toEqual([]);
    worker.isDead = false;
    await settle(2000);
    expect(page.says(row)).toEqual(['Recall 0:58']);
  });

  it('asks again for everything shown when the account changed', async () => {
    const worker = new FakeWorker();
    add('1-1-1');
    add('1-1-2');
    page = startDecorated(worker);
    await settle();
    worker.tell({ kind: 'account' });
    await settle();
    expect(worker.looks.at(-1)?.ids).toEqual(['1-1-1', '1-1-2']);
  });

  it('does not ask about what is not a message id', async () => {
    const worker = new FakeWorker();
    add('<script>');
    add('');
    add('x'.repeat(500));
    page = startDecorated(worker);
    await settle();
    expect(worker.looks).toEqual([]);
  });
});
