import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { SeatCall } from '../../../src/contract/seat.ts';
import type { Service } from './service.ts';

/** What a page answers to a call; undefined leaves the answer to a page whose SDK knows nothing. */
export type PageAnswer = (call: SeatCall) => unknown;

/** Turns sites on as if it had been done before, in a browser that gives access to every site. */
export async function allowSites(...sites: readonly string[]): Promise<void> {
  Object.assign(fakeBrowser, {
    permissions: { contains: () => Promise.resolve(true), remove: () => Promise.resolve(true) },
    scripting: {
      getRegisteredContentScripts: () => Promise.resolve([]),
      registerContentScripts: () => Promise.resolve(),
      unregisterContentScripts: () => Promise.resolve(),
      executeScript: () => Promise.resolve([]),
    },
  });
  await fakeBrowser.storage.local.set({ sites });
}

/** The tabs of a browser and the chat pages in them, as the worker's messages reach them. */
export class ChatPages {
  /** Tabs that the browser finds by their address. */
  openTabs: { id: number; url: string }[] = [];
  readonly closedTabs = new Set<number>();
  /** Tabs whose page was told to leave, in order. */
  readonly left: number[] = [];
  readonly #service: Service;
  readonly #answers = new Map<number, PageAnswer>();

  constructor(service: Service) {
    this.#service = service;
    Object.assign(fakeBrowser.tabs, {
      sendMessage: (tab: number, message: { call?: SeatCall; leave?: true; knock?: true }) => {
        const answer = this.#answers.get(tab);
        if (!answer) return Promise.reject(new Error('Could not establish connection.'));
        if (message.leave) this.left.push(tab);
        if (message.knock)
          return Promise.resolve(answer({ method: 'knock', as: '', at: 0, ms: 0 }));
        return Promise.resolve(message.call && answer(message.call));
      },
      query: () => Promise.resolve(this.openTabs),
      get: (id: number) =>
        this.closedTabs.has(id) ? Promise.reject(new Error('No tab')) : Promise.resolve({ id }),
    });
    fakeBrowser.commands.getAll = () => Promise.resolve([]);
  }

  /** Puts a page that is signed in into a tab; returns the calls that reach it. */
  open(tab: number, more: PageAnswer = () => undefined): SeatCall[] {
    const calls: SeatCall[] = [];
    this.#answers.set(tab, (call) => {
      calls.push(call);
      return more(call) ?? this.#answer(call.method);
    });
    return calls;
  }

  /** Nobody is in this tab any more. */
  close(tab: number): void {
    this.#answers.delete(tab);
  }

  #answer(method: string): unknown {
    switch (method) {
      case 'begin':
        return { ok: { isReady: true, isUp: true, serverTime: this.#service.time() } };
      case 'signature':
        return { ok: 'the page’s signature' };
      case 'getConversationList':
        return { ok: { data: { conversationList: [], isSyncCompleted: true } } };
      case 'getGroupList':
        return { ok: { data: { groupList: [], isSyncCompleted: true } } };
      default:
        return { ok: [] };
    }
  }
}
