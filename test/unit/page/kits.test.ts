// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kindOf } from '../../../src/page/chat-page.ts';
import { readId } from '../../../src/page/message-id.ts';
import { startReader } from '../../../src/page/session/reader.ts';
import { fakeTime, pages, snapshot, startDecorated, type Decorated } from './decorated.ts';
import { FakeWorker, settle } from './fake-worker.ts';

let page: Decorated | undefined;

beforeEach(() => {
  fakeTime();
});
afterEach(() => {
  page?.life.abort();
  page = undefined;
  document.body.replaceChildren();
  vi.useRealTimers();
});

/** Rows as the kits write them (taken from the built kits), shortened to what matters. */
const react6 = {
  row: (id: string, text: string) =>
    `<div class="uikit-view uikit-MessageList-message-layout uikit-MessageList-message-layout--right" data-message-id="${id}">
      <div class="uikit-MessageList-message-layout__content"><div class="uikit-MessageList-message-layout__body">
      <div class="uikit-MessageList-message-bubble"><div class="uikit-MessageList-text-message--self">${text}</div></div></div></div></div>`,
  mine: `<div class="uikit-view uikit-MessageList-recalled-message uikit-MessageList-message-layout__recalled">You recalled a message <div class="uikit-view uikit-MessageList-recalled-message__button" role="button">Re-edit</div></div>`,
  carols: `<div class="uikit-view uikit-MessageList-recalled-message">Carol recalled a message</div>`,
  list: (inside: string) =>
    `<div id="message-list-container"><div class="uikit-MessageList-message-list__container--chunk">${inside}</div></div>`,
};
const vue3 = {
  row: (id: string, text: string) =>
    `<li id="tui-${id}" class="message-li"><div class="message-timestamp">00:17</div><div class="message-item"><div class="message-event-bind-div"><div class="message-bubble"><main class="message-body"><div class="message-body-content">${text}</div></main></div></div></div></li>`,
  recalled: (name: string, reedit = '') =>
    `<div class="revoke"><span>${name}</span><span> recalled a message</span>${reedit}</div>`,
  reedit: '<span class="edit">Re-edit</span>',
  list: (inside: string) => `<ul id="messageScrollList" class="tui-message-list">${inside}</ul>`,
};

const chunk = (): Element => {
  const found = document.querySelector('[class*="chunk"]');
  if (!found) throw new Error('no chunk');
  return found;
};
const fragment = (html: string): Element => {
  const holder = document.createElement('div');
  holder.innerHTML = html;
  const [first] = holder.children;
  if (!first) throw new Error('nothing in it');
  return first;
};
/** Puts a React fibre on an element, as deep as chat-uikit-react 6.1.7 does. */
const giveFibre = (element: Element, msgID: string): void => {
  Object.assign(element, {
    __reactFiber$x1y2: { return: { return: { memoizedProps: { message: { msgID } } } } },
  });
};

describe('a row names its message', () => {
  it.each([
    ['react-6', react6.list(react6.row('1-2-3', 'hi')), '[data-message-id]', '1-2-3'],
    [
      'react-6',
      '<div id="message-list-container"><div class="uikit-message-layout--left" data-message-id="1-2-3"></div></div>',
      '[data-message-id]',
      '1-2-3',
    ],
    ['vue-3', vue3.list(vue3.row('1-2-3', 'hi')), 'li', '1-2-3'],
    [
      'vue3-6',
      '<div id="messageScrollList"><div class="message-layout" data-message-id="1-2-3"></div></div>',
      '[data-message-id]',
      '1-2-3',
    ],
    [
      'react-2',
      '<div class="message-list"><ul><li class="message-list-item"><main data-message-id="1-2-3"></main></li></ul></div>',
      'li',
      '1-2-3',
    ],
    [
      'demo',
      '<div class="message-list"><div class="message-wrapper" id="1-2-3"><div class="chat-bubble"></div></div></div>',
      '.message-wrapper',
      undefined,
    ],
    ['plain', '<ul><li data-message-id="1-2-3">hi</li></ul>', 'li', '1-2-3'],
    ['react-6', react6.list(react6.carols), '[class*="recalled"]', undefined],
  ])('%s', (name, html, selector, id) => {
    document.body.innerHTML = html;
    const row = document.querySelector(selector);
    const kind = row && kindOf(row, pages);
    expect(kind?.name).toBe(name);
    expect(row && kind && readId(row, kind)).toBe(id);
  });
});

describe('chat-uikit-react 6', () => {
  it('keeps the id of a recalled message by the place that its placeholder took', async () => {
    const worker = new FakeWorker();
    document.body.innerHTML = react6.list(
      react6.row('1-1-1', 'one') + react6.row('1-1-2', 'two') + react6.row('1-1-3', 'three'),
    );
    page = startDecorated(worker);
    await settle();
    worker.set({ id: '1-1-2', placeholder: { key: 'someoneFrom', who: 'Bob', whose: 'Carol' } });
    const placeholder = fragment(react6.carols);
    const [, second, third] = chunk().children;
    second?.remove();
    chunk().insertBefore(placeholder, third ?? null);
    worker.tell({ kind: 'rows', ids: ['1-1-2'] });
    await settle();
    expect(page.says(placeholder)).toEqual(['Bob recalled a message from Carol']);
    expect(placeholder.getAttribute('data-unsay-recalled')).toContain('react-6');
  });

  it('hands the focus on to the placeholder that takes the place of a row', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-2', 60);
    document.body.innerHTML = react6.list(react6.row('1-1-1', 'one') + react6.row('1-1-2', 'two'));
    page = startDecorated(worker);
    await settle();
    const [, row] = chunk().children;
    if (!row) throw new Error('no row');
    page.button(row)?.focus();
    page.press(row);
    worker.set({
      ...{ id: '1-1-2', isMine: true, placeholder: { key: 'you', who: 'Alice', whose: 'Alice' } },
      reeditUntil: worker.now() + 60_000,
    });
    const placeholder = fragment(react6.mine);
    row.replaceWith(placeholder);
    await settle();
    expect(page.says(placeholder)).toEqual(['You recalled a message', 'Edit again 1']);
    expect(document.activeElement).toBe(placeholder.querySelector('[data-unsay=placeholder]'));
  });

  it('reads the id of a placeholder from the page’s own world, also after a reload', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-2', placeholder: { key: 'someoneYours', who: 'Bob', whose: 'Alice' } });
    document.body.innerHTML = react6.list(react6.mine);
    const [placeholder] = chunk().children;
    if (!placeholder) throw new Error('no placeholder');
    giveFibre(placeholder, '1-1-2');
    page = startDecorated(worker);
    await settle();
    // No reader yet: nobody knows the message.
    expect(page.says(placeholder)).toEqual([]);
    startReader(document, {});
    await settle();
    expect(page.says(placeholder)).toEqual(['Bob recalled your message']);
    // Re-edit stays for my own recall only.
    expect(placeholder.getAttribute('data-unsay-recalled')).not.toContain('reedit');
  });

  it('is left alone where it says the right thing by itself', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-2', placeholder: { key: 'you', who: 'Alice', whose: 'Alice' } });
    document.body.innerHTML = react6.list(react6.mine);
    const [placeholder] = chunk().children;
    if (!placeholder) throw new Error('no placeholder');
    giveFibre(placeholder, '1-1-2');
    startReader(document, {});
    const before = snapshot();
    page = startDecorated(worker);
    await settle();
    expect(worker.looks[0]?.ids).toEqual(['1-1-2']);
    expect(page.says(placeholder)).toEqual([]);
    page.life.abort();
    expect(snapshot()).toBe(before);
  });

  it('tells when and why also where it says the right thing by itself, and keeps its Re-edit', async () => {
    const worker = new FakeWorker();
    const view = {
      id: '1-1-2',
      placeholder: { key: 'you', who: 'Alice', whose: 'Alice' },
    } as const;
    worker.set({ ...view, recalledAt: Date.UTC(2026, 0, 1, 9, 59) });
    vi.setSystemTime('2026-01-01T10:00:00Z');
    document.body.innerHTML = react6.list(react6.mine);
    const [placeholder] = chunk().children;
    if (!placeholder) throw new Error('no placeholder');
    giveFibre(placeholder, '1-1-2');
    startReader(document, {});
    const before = snapshot();
    page = startDecorated(worker);
    await settle();
    expect(page.says(placeholder)).toEqual(['You recalled a messageAt 09:59']);
    expect(placeholder.getAttribute('data-unsay-recalled')).toContain('reedit');
    worker.set({ ...view, reason: 'spam' });
    worker.tell({ kind: 'rows', ids: ['1-1-2'] });
    await settle();
    expect(page.says(placeholder)).toEqual(['You recalled a message', 'Reason: spam']);
    page.life.abort();
    expect(snapshot()).toBe(before);
  });

  it('is decorated again when it builds the rows after a recalled one anew', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    worker.mine('1-1-2', 60);
    document.body.innerHTML = react6.list(react6.row('1-1-1', 'one') + react6.row('1-1-2', 'two'));
    page = startDecorated(worker);
    await settle();
    const list = chunk().parentElement;
    for (const row of [...chunk().children]) row.remove();
    list?.append(
      fragment(`<div class="x--chunk">${react6.carols}</div>`),
      fragment(`<div class="x--chunk">${react6.row('1-1-2', 'two')}</div>`),
    );
    await settle(16);
    const row = document.querySelector('[data-message-id="1-1-2"]');
    expect(row && page.says(row)).toEqual(['Recall 1:00']);
    expect(document.querySelectorAll('[data-unsay=control]')).toHaveLength(1);
  });

  it('shows our placeholder where it does not notice the recall', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-1', placeholder: { key: 'you', who: 'Alice', whose: 'Alice' } });
    document.body.innerHTML = react6.list(react6.row('1-1-1', 'one'));
    const [row] = chunk().children;
    page = startDecorated(worker);
    await settle();
    expect(row && page.says(row)).toEqual(['You recalled a message']);
    // Then it does: ours goes with its row, and only one is left.
    const placeholder = fragment(react6.mine);
    row?.remove();
    chunk().append(placeholder);
    await settle();
    expect(document.querySelector('[data-unsay=placeholder]')).toBeNull();
    expect(placeholder.hasAttribute('data-unsay-recalled')).toBe(false);
  });
});

describe('chat-uikit-vue 3', () => {
  it('gets its wrong placeholder replaced, and keeps Re-edit for my own recall only', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-1', placeholder: { key: 'someoneYours', who: 'Alice', whose: 'Carol' } });
    document.body.innerHTML = vue3.list(vue3.row('1-1-1', 'off topic'));
    const row = document.querySelector('li');
    page = startDecorated(worker);
    await settle();
    const item = row?.querySelector('.message-item');
    item?.replaceChildren(fragment(vue3.recalled('alice', vue3.reedit)));
    await settle();
    expect(row && page.says(row)).toEqual(['Alice recalled your message']);
    expect(row?.querySelector('.revoke')?.firstElementChild?.getAttribute('data-unsay')).toBe(
      'placeholder',
    );
    expect(row?.getAttribute('data-unsay-recalled')).toMatch(/^vue-3( px\d+)?$/u);
    worker.set({ id: '1-1-1', placeholder: { key: 'you', who: 'x', whose: 'x' } });
    worker.tell({ kind: 'rows', ids: ['1-1-1'] });
    await settle();
    expect(row?.getAttribute('data-unsay-recalled')).toMatch(/reedit/u);
  });

  it('offers my words back once: by ours, which keeps a draft, as long as there are any', async () => {
    const worker = new FakeWorker();
    worker.set({
      id: '1-1-1',
      placeholder: { key: 'you', who: 'Alice', whose: 'Alice' },
      reeditUntil: worker.now() + 120_000,
    });
    document.body.innerHTML = vue3.list(vue3.row('1-1-1', 'a slip'));
    const row = document.querySelector('li');
    page = startDecorated(worker);
    await settle();
    row
      ?.querySelector('.message-item')
      ?.replaceChildren(fragment(vue3.recalled('You', vue3.reedit)));
    await settle();
    expect(row && page.says(row)).toEqual(['You recalled a message', 'Edit again 2']);
    expect(row?.getAttribute('data-unsay-recalled')).toMatch(/^vue-3( px\d+)?$/u);
    await settle(121_000);
    expect(row && page.says(row)).toEqual([]);
    expect(row?.hasAttribute('data-unsay-recalled')).toBe(false);
  });

  it('keeps Re-edit also where recalled messages that follow each other share one line', async () => {
    const worker = new FakeWorker();
    worker.style = 'compact';
    const ids = ['1-1-1', '1-1-2'];
    for (const id of ids) {
      worker.set({ id, isMine: true, placeholder: { key: 'you', who: 'Al', whose: 'Al' } });
    }
    document.body.innerHTML = vue3.list(ids.map((id) => vue3.row(id, 'words')).join(''));
    for (const item of document.querySelectorAll('.message-item')) {
      item.replaceChildren(fragment(vue3.recalled('You', vue3.reedit)));
    }
    page = startDecorated(worker);
    await settle();
    const rows = [...document.querySelectorAll('li')];
    const hidden = (): (string | null)[] =>
      rows.map((row) => row.getAttribute('data-unsay-recalled'));
    for (const how of hidden()) expect(how).toContain('reedit');
    // The kit takes its button away when its time is over.
    for (const button of document.querySelectorAll('.edit')) button.remove();
    await settle();
    expect(page.says(document.body)).toEqual(['2 messages recalled']);
    expect(hidden()[1]).toBe('gone');
  });

  it('draws our sentence as large as its own, also where it draws that after us', async () => {
    const worker = new FakeWorker();
    const placeholder = { key: 'someone', who: 'Bob', whose: 'Bob' } as const;
    worker.set({ id: '1-1-1', placeholder, recalledAt: worker.now() });
    document.body.innerHTML = vue3.list(vue3.row('1-1-1', 'words'));
    const row = document.querySelector('li');
    page = startDecorated(worker);
    await settle();
    const own = fragment(vue3.recalled('Bob'));
    own.setAttribute('style', 'font-size:15px');
    row?.querySelector('.message-item')?.replaceChildren(own);
    await settle();
    expect(own.querySelectorAll('[data-unsay=placeholder]')).toHaveLength(1);
    expect(row?.getAttribute('data-unsay-recalled')).toBe('vue-3 px15');
  });

  it('never shows its own and ours when it draws the row after us', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-1', placeholder: { key: 'someone', who: 'Bob', whose: 'Bob' } });
    document.body.innerHTML = vue3.list(vue3.row('1-1-1', 'words'));
    const row = document.querySelector('li');
    page = startDecorated(worker);
    await settle();
    row?.querySelector('.message-item')?.replaceChildren(fragment(vue3.recalled('Bob')));
    await settle();
    // It says exactly what ours did.
    expect(row && page.says(row)).toEqual([]);
    expect(row?.hasAttribute('data-unsay-recalled')).toBe(false);
    row?.querySelector('.message-item')?.replaceChildren(fragment(vue3.recalled('bob')));
    await settle();
    expect(document.querySelectorAll('[data-unsay=placeholder]')).toHaveLength(1);
    expect(row && page.says(row)).toEqual(['Bob recalled a message']);
    expect(row?.hasAttribute('data-unsay-recalled')).toBe(true);
  });
});

describe('the old demo', () => {
  const show = (element: Element, ID: string, text: string): void => {
    Object.assign(element, { __vue__: { message: { ID } } });
    const bubble = element.querySelector('.message-content');
    if (!bubble) throw new Error('no bubble');
    // As Vue does it: the text of the node that is there.
    if (bubble.firstChild) bubble.firstChild.nodeValue = text;
    else bubble.textContent = text;
  };
  const draw = (): Element =>
    fragment(
      '<div class="message-wrapper"><div class="chat-bubble"><div class="message-content"></div></div></div>',
    );

  it('has its rows looked at again when it uses them for other messages', async () => {
    const worker = new FakeWorker();
    worker.mine('1-1-1', 60);
    document.body.innerHTML = '<div class="message-list"></div>';
    const list = document.body.firstElementChild;
    const [first, second] = [draw(), draw()];
    show(first, '1-1-1', 'same');
    startReader(document, {});
    page = startDecorated(worker);
    list?.append(first);
    await settle();
    expect(page.says(first)).toEqual(['Recall 1:00']);
    // An older message comes, with the same words: every row moves on by one.
    show(second, '1-1-1', 'same');
    show(first, '1-1-0', 'same');
    list?.append(second);
    await settle();
    expect([page.says(first), page.says(second)]).toEqual([[], ['Recall 1:00']]);
    // The text alone changes.
    show(second, '1-1-2', 'other');
    await settle();
    expect(page.says(second)).toEqual([]);
  });

  it('gets our placeholder where its own names nobody', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-1', placeholder: { key: 'someone', who: 'Bob', whose: 'Bob' } });
    document.body.innerHTML =
      '<div class="message-list"><div class="message-wrapper"><div class="chat-bubble"><div class="group-tip-element-wrapper">bob撤回了一条消息<button class="edit-button" style="display:none">重新编辑</button></div></div></div></div>';
    const row = document.querySelector('.message-wrapper');
    if (!row) throw new Error('no row');
    Object.assign(row, { __vue__: { message: { ID: '1-1-1' } } });
    startReader(document, {});
    page = startDecorated(worker);
    await settle();
    expect(page.says(row)).toEqual(['Bob recalled a message']);
    expect(row.getAttribute('data-unsay-recalled')).toContain('demo');
  });
});

describe('very long lists', () => {
  it('visits each of 10,000 rows once', async () => {
    const worker = new FakeWorker();
    const list = document.createElement('ul');
    document.body.append(list);
    const read = vi.fn();
    page = startDecorated(worker);
    for (let n = 0; n < 10_000; n += 1) {
      const row = document.createElement('li');
      row.dataset.messageId = `1-1-${n}`;
      const getAttribute = row.getAttribute.bind(row);
      row.getAttribute = (name: string) => {
        if (name === 'data-message-id') read(name);
        return getAttribute(name);
      };
      list.append(row);
    }
    await settle(0);
    expect(read).toHaveBeenCalledTimes(10_000);
    await settle(20_000);
    expect(worker.looks).toHaveLength(6);
    expect(read).toHaveBeenCalledTimes(10_000);
    expect(document.querySelector('[data-unsay=control],[data-unsay=placeholder]')).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a quote of a recalled message', () => {
  const row = `<div class="message-list"><ul><li class="message-list-item"><main data-message-id="1-1-2">
    <div class="meesage-bubble-reply-main"><header class="title">Carol</header><div>the words</div></div>
    <div class="message-text-content">my answer</div></main></li></ul></div>`;

  it('is covered in chat-uikit-react 2, which goes on showing it, and nowhere else', async () => {
    const worker = new FakeWorker();
    document.body.innerHTML = row;
    const before = snapshot();
    worker.set({ id: '1-1-2' });
    page = startDecorated(worker);
    await settle();
    expect(snapshot()).toContain('the words');
    expect(page.says(document.body)).toEqual([]);
    worker.set({ id: '1-1-2', isQuoteRecalled: true });
    worker.tell({ kind: 'rows', ids: ['1-1-2'] });
    await settle();
    expect(page.says(document.body)).toEqual(['The quoted message was recalled']);
    const words = document.querySelector('.meesage-bubble-reply-main > div');
    expect(words?.hasAttribute('data-unsay-quote')).toBe(true);
    expect(document.querySelector('.title')?.hasAttribute('data-unsay-quote')).toBe(false);
    page.life.abort();
    expect(snapshot()).toBe(before);
  });

  it('is covered in chat-uikit-vue, until the kit hides it by itself', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-2', isQuoteRecalled: true });
    document.body.innerHTML = `<div id="messageScrollList"><div id="tui-1-1-2">
      <div class="message-body-content">my answer</div>
      <div class="reference-content"><div class="max-double-line">Carol: the words</div></div></div></div>`;
    page = startDecorated(worker);
    await settle();
    expect(page.says(document.body)).toEqual(['The quoted message was recalled']);
    const words = document.querySelector('.max-double-line');
    expect(words?.hasAttribute('data-unsay-quote')).toBe(true);
    const own = document.createElement('div');
    own.className = 'revoked-text';
    own.textContent = 'The quoted message has been withdrawn';
    words?.replaceWith(own);
    await settle();
    expect(page.says(document.body)).toEqual([]);
    expect(document.querySelector('.reference-content')?.textContent).toBe(own.textContent);
  });

  it('is covered again when the page draws the row anew', async () => {
    const worker = new FakeWorker();
    worker.set({ id: '1-1-2', isQuoteRecalled: true });
    document.body.innerHTML = row;
    page = startDecorated(worker);
    await settle();
    const main = document.querySelector('main');
    main?.replaceChildren(...(fragment(row).querySelector('main')?.children ?? []));
    await settle();
    expect(page.says(document.body)).toEqual(['The quoted message was recalled']);
    expect(document.querySelectorAll('[data-unsay=placeholder]')).toHaveLength(1);
  });
});
