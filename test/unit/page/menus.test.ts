// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeTime, insideOf, snapshot, startDecorated, type Decorated } from './decorated.ts';
import { FakeWorker, settle } from './fake-worker.ts';

/** Rows and menus as chat-uikit-react 6 and chat-uikit-vue 3 write them, shortened. */
const react6 = {
  list: (...ids: string[]) =>
    `<div id="message-list-container">${ids.map((id) => `<div data-message-id="${id}"><p class="x-message-bubble">words</p></div>`).join('')}</div>`,
  menu: (...items: string[]) =>
    `<div role="menu" class="x-message-action-dropdown__content">${items.map((text) => `<div role="menuitem" class="x-message-action-dropdown__item"><svg></svg><span class="uikit-view">${text}</span></div>`).join('')}</div>`,
};
const vue3 = {
  list: (...ids: string[]) =>
    `<ul id="messageScrollList">${ids.map((id) => `<li id="tui-${id}"><div class="message-body-content">words</div></li>`).join('')}</ul>`,
  menu: (...items: string[]) =>
    `<div class="message-tool"><div class="dialog-item-list">${items.map((text) => `<div class="list-item"><span class="list-item-text">${text}</span></div>`).join('')}</div></div>`,
};

let page: Decorated;
let worker: FakeWorker;

beforeEach(() => {
  fakeTime();
  worker = new FakeWorker();
});
afterEach(() => {
  page.life.abort();
  document.body.replaceChildren();
  vi.useRealTimers();
});

async function start(html: string): Promise<void> {
  document.body.innerHTML = html;
  page = startDecorated(worker);
  await settle();
}

const rowOf = (id: string): Element => {
  const row = document.querySelector(`[data-message-id="${id}"],#tui-${id}`);
  if (!row) throw new Error(`no row ${id}`);
  return row;
};

/** A person's right click, or a page's imitation of one. */
function touch(element: Element, type = 'contextmenu', isTrusted = true): void {
  const event = new MouseEvent(type, { bubbles: true });
  Object.defineProperty(event, 'isTrusted', { value: isTrusted });
  (element.firstElementChild ?? element).dispatchEvent(event);
}

/** A key that somebody pressed there, as the browser tells the page of it. Returns whether the page may act on it. */
function key(target: Element, name: string): boolean {
  const event = new KeyboardEvent('keydown', {
    key: name,
    bubbles: true,
    composed: true,
    cancelable: true,
  });
  Object.defineProperty(event, 'isTrusted', { value: true });
  return target.dispatchEvent(event);
}

/** The page puts a menu somewhere, as it does after a right click. */
async function openMenu(html: string, into: Element = document.body): Promise<Element> {
  into.insertAdjacentHTML('beforeend', html);
  await settle();
  const menu = into.lastElementChild;
  if (!menu) throw new Error('no menu');
  return menu;
}

const entries = (menu: Element): HTMLButtonElement[] =>
  [...menu.querySelectorAll('[data-unsay=control]')].flatMap((host) => [
    ...(insideOf(host)?.querySelectorAll('button') ?? []),
  ]);

const others = (id: string): void => {
  worker.set({ id, author: 'Carol', until: worker.now() + 100_000 });
};

describe('an entry in the page’s own menu', () => {
  it('offers my message past the kit’s own time, and recalls the one whose menu it is', async () => {
    worker.mine('1-1-1');
    worker.mine('1-1-2');
    await start(react6.list('1-1-1', '1-1-2'));
    touch(rowOf('1-1-1'));
    const menu = await openMenu(react6.menu('Copy', 'Delete'));
    const [entry] = entries(menu);
    expect(entry?.textContent).toBe('Recall');
    expect(entry?.ariaLabel).toBe('Recall mine, 100 s');
    expect(entry?.role).toBe('menuitem');
    expect(entry?.lang).toBe('en');
    entry?.click();
    expect(worker.recalls).toEqual([
      { account: '1400000001:alice', conversation: 'C2Cbob', id: '1-1-1' },
    ]);
    await settle();
    expect(entries(menu)).toEqual([]);
  });

  it('lies in the row where the kit’s menu does, whatever opened it', async () => {
    worker.mine('1-1-1');
    await start(vue3.list('1-1-1', '1-1-2'));
    touch(rowOf('1-1-1'), 'touchstart');
    const menu = await openMenu(vue3.menu('Copy'), rowOf('1-1-1'));
    entries(menu)[0]?.click();
    expect(worker.recalls.map(({ id }) => id)).toEqual(['1-1-1']);
  });

  it('asks first before somebody else’s message is recalled, naming the person', async () => {
    others('1-1-1');
    await start(react6.list('1-1-1'));
    touch(rowOf('1-1-1'));
    const menu = await openMenu(react6.menu('Copy'));
    entries(menu)[0]?.click();
    expect(worker.recalls).toEqual([]);
    expect(page.says(rowOf('1-1-1'))).toEqual(['Recall Carol?', 'Yes', 'No']);
    page.press(rowOf('1-1-1'), 'yes');
    expect(worker.recalls.map(({ id }) => id)).toEqual(['1-1-1']);
  });

  it.each(['Recall', '撤回', '取り消す', '회수'])(
    'is not there where the kit offers “%s” itself, also when that comes later',
    async (word) => {
      worker.mine('1-1-1');
      await start(react6.list('1-1-1'));
      touch(rowOf('1-1-1'));
      const menu = await openMenu(react6.menu('Copy', word));
      expect(entries(menu)).toEqual([]);
      menu.remove();
      const late = await openMenu(react6.menu('Copy'));
      expect(entries(late)).toHaveLength(1);
      late.innerHTML += `<div class="x-message-action-dropdown__item">${word}</div>`;
      await settle();
      expect(entries(late)).toEqual([]);
    },
  );

  it('is not there either where the picture of the kit’s own bears words', async () => {
    worker.mine('1-1-1');
    await start(react6.list('1-1-1'));
    touch(rowOf('1-1-1'));
    const menu = react6.menu('Copy', '<svg><title>矩形</title></svg><span>Recall</span>');
    expect(entries(await openMenu(menu))).toEqual([]);
  });

  it('is not there for a message that cannot be recalled', async () => {
    worker.mine('1-1-1');
    worker.set({ id: '1-1-2' });
    await start(react6.list('1-1-1', '1-1-2'));
    touch(rowOf('1-1-2'));
    expect(entries(await openMenu(react6.menu('Copy')))).toEqual([]);
  });

  it('goes when the time is over while the menu is open', async () => {
    worker.mine('1-1-1', 2);
    await start(react6.list('1-1-1'));
    touch(rowOf('1-1-1'));
    const menu = await openMenu(react6.menu('Copy'));
    expect(entries(menu)).toHaveLength(1);
    await settle(3000);
    expect(entries(menu)).toEqual([]);
  });

  it('is bound to the row it was opened on: another right click ends it', async () => {
    worker.mine('1-1-1');
    worker.mine('1-1-2');
    await start(react6.list('1-1-1', '1-1-2'));
    touch(rowOf('1-1-1'));
    const menu = await openMenu(react6.menu('Copy'));
    const [stale] = entries(menu);
    touch(rowOf('1-1-2'));
    await settle();
    expect(entries(menu)).toHaveLength(1);
    entries(menu)[0]?.click();
    expect(worker.recalls.map(({ id }) => id)).toEqual(['1-1-2']);
    expect(stale?.isConnected).toBe(false);
  });

  it('does nothing when the page made another message of the row meanwhile', async () => {
    worker.mine('1-1-1');
    worker.mine('1-1-2');
    await start(react6.list('1-1-1'));
    const row = rowOf('1-1-1');
    touch(row);
    const [entry] = entries(await openMenu(react6.menu('Copy')));
    row.setAttribute('data-message-id', '1-1-2');
    entry?.click();
    await settle();
    expect(worker.recalls).toEqual([]);
  });

  it('counts no touch that the page made, and no menu nobody opened', async () => {
    worker.mine('1-1-1');
    await start(react6.list('1-1-1'));
    touch(rowOf('1-1-1'), 'contextmenu', false);
    expect(entries(await openMenu(react6.menu('Copy')))).toEqual([]);
    touch(rowOf('1-1-1'));
    touch(document.body);
    expect(entries(await openMenu(react6.menu('Copy')))).toEqual([]);
  });

  it('obeys no click that the guard does not allow', async () => {
    worker.mine('1-1-1');
    await start(react6.list('1-1-1'));
    page.guard.isOpen = false;
    touch(rowOf('1-1-1'));
    const [entry] = entries(await openMenu(react6.menu('Copy')));
    expect(entry?.ariaDisabled).toBe('true');
    entry?.click();
    expect(worker.recalls).toEqual([]);
    page.guard.isOpen = true;
    await settle();
    expect(entry?.ariaDisabled).toBeNull();
  });

  it('is never there twice, and comes back when the page draws its menu anew', async () => {
    worker.mine('1-1-1');
    await start(react6.list('1-1-1'));
    touch(rowOf('1-1-1'));
    const menu = await openMenu(react6.menu('Copy'));
    menu.append(document.createElement('hr'));
    await settle(1200);
    expect(entries(document.body.lastElementChild ?? menu)).toHaveLength(1);
    menu.querySelector('[data-unsay=control]')?.remove();
    await settle();
    expect(entries(menu)).toHaveLength(1);
  });

  it('is the last item for the arrow keys of a menu, and the first one comes after it', async () => {
    worker.mine('1-1-1');
    await start(react6.list('1-1-1'));
    touch(rowOf('1-1-1'));
    const menu = await openMenu(react6.menu('Copy', 'Delete'));
    const [copy, remove] = menu.querySelectorAll<HTMLElement>('[role=menuitem]');
    const [entry] = entries(menu);
    if (!copy || !remove || !entry) throw new Error('no items');
    copy.tabIndex = remove.tabIndex = -1;
    const hasFocus = (): boolean => (entry.getRootNode() as ShadowRoot).activeElement === entry;
    expect(key(copy, 'ArrowDown')).toBe(true);
    expect(hasFocus()).toBe(false);
    expect(key(remove, 'ArrowDown')).toBe(false);
    expect(hasFocus()).toBe(true);
    key(entry, 'ArrowDown');
    expect(document.activeElement).toBe(copy);
    expect(key(copy, 'ArrowUp')).toBe(false);
    expect(hasFocus()).toBe(true);
    key(entry, 'ArrowUp');
    expect(document.activeElement).toBe(remove);
    expect(key(menu, 'End')).toBe(false);
    expect(hasFocus()).toBe(true);
  });

  it('closes the menu on Escape, as the page’s own items do', async () => {
    worker.mine('1-1-1');
    await start(react6.list('1-1-1'));
    touch(rowOf('1-1-1'));
    const menu = await openMenu(react6.menu('Copy'));
    const closed = vi.fn();
    menu.addEventListener('keydown', closed);
    const [entry] = entries(menu);
    if (entry) key(entry, 'Escape');
    expect(closed.mock.calls.map(([{ key: name }]) => name as string)).toEqual(['Escape']);
    expect(entries(menu)).toEqual([]);
    expect(worker.recalls).toEqual([]);
  });

  it('leaves my message to the control where the browser cannot tell what is seen', async () => {
    worker.mine('1-1-1');
    await start(react6.list('1-1-1'));
    touch(rowOf('1-1-1'));
    document.body.insertAdjacentHTML('beforeend', react6.menu('Copy'));
    const menu = document.body.lastElementChild;
    if (menu instanceof HTMLElement) menu.style.filter = 'blur(0)';
    await settle();
    if (menu) entries(menu)[0]?.click();
    expect(worker.recalls).toEqual([]);
    const host = rowOf('1-1-1').querySelector('[data-unsay=control]');
    expect(document.activeElement).toBe(host);
    page.press(rowOf('1-1-1'));
    expect(worker.recalls.map(({ id }) => id)).toEqual(['1-1-1']);
  });

  it('lies under no control: they give way to a menu among the rows, whoever’s it is', async () => {
    worker.mine('1-1-1');
    worker.set({ id: '1-1-2' });
    await start(vue3.list('1-1-1', '1-1-2'));
    const host = rowOf('1-1-1').querySelector('[data-unsay=control]');
    touch(rowOf('1-1-2'));
    const menu = await openMenu(vue3.menu('Copy'), rowOf('1-1-2'));
    expect(host?.hasAttribute('data-under')).toBe(true);
    await settle(10_000);
    expect(host?.hasAttribute('data-under')).toBe(true);
    menu.remove();
    await settle();
    expect(host?.hasAttribute('data-under')).toBe(false);
  });

  it('waits for the worker that is to bring what makes it, and comes with a later touch', async () => {
    worker.mine('1-1-1');
    document.body.innerHTML = react6.list('1-1-1');
    page = startDecorated(worker);
    const summon = worker.answers.summon as (script: string) => unknown;
    let isAway = true;
    worker.answers.summon = (script: string) =>
      script === 'tools' && isAway ? Promise.reject(new Error('nobody')) : summon(script);
    await settle();
    touch(rowOf('1-1-1'));
    const menu = await openMenu(react6.menu('Copy'));
    await settle(5000);
    expect(entries(menu)).toEqual([]);
    expect(page.says(rowOf('1-1-1'))).toEqual(['Recall 1:35']);
    isAway = false;
    touch(rowOf('1-1-1'));
    await settle();
    expect(entries(menu)).toHaveLength(1);
  });

  it('leaves no trace', async () => {
    worker.mine('1-1-1');
    document.body.innerHTML = react6.list('1-1-1') + react6.menu('Copy');
    const before = snapshot();
    page = startDecorated(worker);
    await settle();
    touch(rowOf('1-1-1'));
    await settle();
    expect(snapshot()).not.toBe(before);
    page.life.abort();
    expect(snapshot()).toBe(before);
  });
});
