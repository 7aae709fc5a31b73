import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { Menu } from '../../../src/background/menu.ts';
import type { Menus } from '../../../src/platform/browser.ts';
import { dropConsent, keepConsent } from '../../../src/platform/consent.ts';
import { FakeEvent } from '../contract/fake-messaging.ts';
import { speak } from '../ui/fake-extension.ts';

const chat = 'https://chat.example';
const recallLast = vi.fn(() => Promise.resolve());
const openSweep = vi.fn(() => Promise.resolve());
const openPanel = vi.fn(() => Promise.resolve());
const tellNoMessage = vi.fn(() => Promise.resolve());
const report = vi.fn();
let onClicked: FakeEvent<
  [{ menuItemId: string; frameId?: number }, { windowId: number; id?: number }?]
>;
let entries: Menus.CreateCreatePropertiesType[];
let granted: boolean;
let menu: Menu;

beforeEach(async () => {
  vi.clearAllMocks();
  fakeBrowser.reset();
  speak('en');
  onClicked = new FakeEvent();
  entries = [];
  granted = true;
  Object.assign(fakeBrowser, {
    contextMenus: {
      onClicked,
      removeAll: () => {
        entries = [];
        return Promise.resolve();
      },
      create: (entry: Menus.CreateCreatePropertiesType) => {
        // The browser throws at an entry it has already.
        expect(entries.map(({ id }) => id)).not.toContain(entry.id);
        entries.push(entry);
      },
    },
    permissions: { contains: () => Promise.resolve(granted) },
    sidePanel: { open: openPanel },
  });
  await keepConsent();
  menu = new Menu({ recallLast, openSweep, tellNoMessage, report });
  menu.listen();
});

const titlesIn = (context: Menus.ContextType): (string | undefined)[] =>
  entries.filter(({ contexts }) => contexts?.includes(context)).map(({ title }) => title);
const all = ['Recall my last message', 'Recall several…', 'Open side panel'];
const ofMessage = 'Recall this message';

describe('the menu', () => {
  it('is that of the toolbar button, and of no page while no site is on', async () => {
    await menu.write();
    expect(titlesIn('action')).toEqual(all);
    expect(titlesIn('page')).toEqual([]);
  });

  it('is in the pages that are on, and in no others, as soon as that changes', async () => {
    await menu.write();
    await fakeBrowser.storage.local.set({ sites: [chat] });
    await vi.waitFor(() => {
      expect(titlesIn('selection')).toEqual([ofMessage, ...all]);
    });
    const patterns = entries.flatMap(({ documentUrlPatterns = [] }) => documentUrlPatterns);
    expect(new Set(patterns)).toEqual(new Set([`${chat}/*`]));
    await fakeBrowser.storage.local.set({ sites: [] });
    await vi.waitFor(() => {
      expect(titlesIn('page')).toEqual([]);
    });
    expect(report).not.toHaveBeenCalled();
  });

  it('is in no page the browser withdrew access to, or before the user has agreed', async () => {
    await fakeBrowser.storage.local.set({ sites: [chat] });
    granted = false;
    await menu.write();
    expect(titlesIn('page')).toEqual([]);
    granted = true;
    await menu.write();
    expect(titlesIn('page')).toEqual([ofMessage, ...all]);
    await dropConsent();
    await vi.waitFor(() => {
      expect(titlesIn('page')).toEqual([]);
    });
  });

  it('is written once after the other, also when much changes at once', async () => {
    await Promise.all([menu.write(), menu.write(), menu.write()]);
    expect(titlesIn('action')).toEqual(all);
  });

  it.each(['', 'page-'])('does what its entries say (%s)', (prefix) => {
    onClicked.tell({ menuItemId: `${prefix}recall-last` }, { windowId: 7 });
    expect(recallLast).toHaveBeenCalledOnce();
    onClicked.tell({ menuItemId: `${prefix}open-sweep` }, { windowId: 7 });
    expect(openSweep).toHaveBeenCalledOnce();
    onClicked.tell({ menuItemId: `${prefix}open-panel` }, { windowId: 7 });
    expect(openPanel).toHaveBeenCalledWith({ windowId: 7 });
    onClicked.tell({ menuItemId: 'toString' });
    expect(report).not.toHaveBeenCalled();
  });

  it('offers to recall a message where there can be one: not where somebody writes', async () => {
    await fakeBrowser.storage.local.set({ sites: [chat] });
    await menu.write();
    expect(titlesIn('image')).toContain(ofMessage);
    expect(titlesIn('video')).toEqual([ofMessage]);
    expect(titlesIn('editable')).toEqual(all);
    expect(titlesIn('action')).toEqual(all);
  });

  describe('of a message', () => {
    const sendMessage = vi.fn<(...asked: unknown[]) => Promise<unknown>>();
    const choose = async (): Promise<void> => {
      onClicked.tell({ menuItemId: 'page-recall-this', frameId: 3 }, { windowId: 7, id: 11 });
      await new Promise(setImmediate);
    };
    beforeEach(() => {
      fakeBrowser.tabs.sendMessage = sendMessage;
    });

    it('is told to the very frame the browser names, which says the rest', async () => {
      sendMessage.mockResolvedValue('taken');
      await choose();
      expect(sendMessage).toHaveBeenCalledExactlyOnceWith(
        11,
        { 'unsay-menu': 'recall' },
        { frameId: 3 },
      );
      expect(tellNoMessage).not.toHaveBeenCalled();
    });

    it.each<[string, () => Promise<unknown>]>([
      ['there is no message', () => Promise.resolve('nothing')],
      ['nobody of ours is there', () => Promise.reject(new Error('no receiver'))],
      ['something else answers', () => Promise.resolve({ ok: true })],
    ])('says so where %s', async (_, answer) => {
      sendMessage.mockImplementation(answer);
      await choose();
      expect(tellNoMessage).toHaveBeenCalledOnce();
      expect(report).not.toHaveBeenCalled();
    });
  });

  it('opens the sidebar where the browser has no side panel, in the very turn of the click', () => {
    const open = vi.fn(() => Promise.resolve());
    Object.assign(fakeBrowser, { sidePanel: undefined, sidebarAction: { open } });
    onClicked.tell({ menuItemId: 'open-panel' }, { windowId: 7 });
    expect(open).toHaveBeenCalledOnce();
  });
});
