import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { identify, type Asker } from '../../../src/contract/asker.ts';
import { AskError } from '../../../src/contract/asking.ts';
import { answer, ask, type Handlers } from '../../../src/contract/channel.ts';
import { contract, type Question } from '../../../src/contract/contract.ts';
import { ownLines } from '../../../src/contract/lines/own.ts';
import { pageLines } from '../../../src/contract/lines/page.ts';
import { popupLines } from '../../../src/contract/lines/popup.ts';
import { sharedLines } from '../../../src/contract/lines/shared.ts';
import { sweepLines } from '../../../src/contract/lines/sweep.ts';
import { toolsLines } from '../../../src/contract/lines/tools.ts';
import { ask as askFromPage } from '../../../src/contract/page-ask.ts';
import { ask as askFromPopup } from '../../../src/contract/popup-ask.ts';
import { FakeFrame, FakeMessaging, ownUrl, pageSender, popup } from './fake-messaging.ts';

const chat = 'https://chat.example';
const isOn = (origin: string): Promise<boolean> => Promise.resolve(origin === chat);

let messaging: FakeMessaging;
/** Of whoever asks. */
let frame: FakeFrame;
beforeEach(() => {
  fakeBrowser.reset();
  messaging = new FakeMessaging();
  frame = new FakeFrame();
  vi.stubGlobal('window', frame);
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, 'window');
});

describe('who asks', () => {
  it('is our own for a page of ours', async () => {
    expect(await identify(popup, isOn)).toEqual({ kind: 'own', path: '/popup.html' });
  });

  it('is our own for a page of ours in a tab', async () => {
    const inTab = pageSender(ownUrl('options.html'));
    expect(await identify(inTab, isOn)).toEqual({ kind: 'own', path: '/options.html' });
  });

  it('is a page for the top frame of a site that is on', async () => {
    const asker = await identify(pageSender(`${chat}/room?x=1#y`), isOn);
    expect(asker).toEqual({ kind: 'page', origin: chat, tab: 7, frame: 0 });
  });

  it.each([
    ['the same site', chat, 'page'],
    ['another site that is on', 'https://second.example', 'page'],
    ['a site that is off', 'https://evil.example', 'frame'],
    ['a page nobody may know of', undefined, 'frame'],
  ])(
    'is, for a frame of a site that is on, in %s, no more than that allows',
    async (_, top, kind) => {
      const tab = { id: 7, ...(top !== undefined && { url: `${top}/` }) } as never;
      const on = (origin: string): Promise<boolean> =>
        Promise.resolve([chat, 'https://second.example'].includes(origin));
      const asker = await identify(pageSender(chat, { frameId: 3, tab }), on);
      expect(asker).toEqual({ kind, origin: chat, tab: 7, frame: 3 });
    },
  );

  it.each([
    ['a site that is off', pageSender('https://other.example/')],
    ['another port of a site that is on', pageSender(`${chat}:8443/`)],
    ['the same site unencrypted', pageSender('http://chat.example/')],
    ['a frame the browser does not number', pageSender(chat, { frameId: undefined })],
    ['a page of a site that is on, kept in a sandbox', pageSender(chat, { origin: 'null' })],
    ['no tab', { ...popup, url: `${chat}/` }],
    ['another extension', { ...popup, id: 'somebody-else' }],
    ['another extension that names our page', { ...pageSender(ownUrl('popup.html')), id: 'x' }],
    ['no extension', { url: ownUrl('popup.html') }],
    ['no address', { id: popup.id ?? '' }],
    ['an address that is none', pageSender('chat.example')],
    ['a page without an origin', pageSender('about:blank')],
    ['a page that has our address in its own', pageSender(`https://evil.example/${ownUrl('')}`)],
    ['an extension whose id begins with ours', pageSender(ownUrl('x').replace('-id/', '-id2/'))],
    ['a host that begins like one that is on', pageSender(`${chat}.evil.example/`)],
    ['a user name that looks like a site', pageSender('https://chat.example@evil.example/')],
  ])('is nobody for %s', async (_, sender) => {
    expect(await identify(sender, isOn)).toBeUndefined();
  });

  it('is not what the sender’s origin claims', async () => {
    const sender = { ...pageSender('https://evil.example/'), origin: chat };
    expect(await identify(sender, isOn)).toBeUndefined();
  });
});

/** A worker that answers some questions; the others fail. */
function work(handlers: Partial<Handlers>): void {
  const none = new Proxy(handlers, {
    get: (target, name) =>
      (Reflect.get(target, name) as unknown) ?? (() => Promise.reject(new Error(String(name)))),
  });
  answer(none as Handlers, isOn);
}

/** Sends what a page or a stranger could send, past `ask`. */
function post(question: unknown, content?: unknown): Promise<unknown> {
  return messaging.send({ 'unsay-ask': question, content });
}

/** The questions of a part of the contract. */
const names = (lines: Partial<Record<Question, unknown>>): Question[] =>
  Object.keys(lines) as Question[];

describe('who carries what', () => {
  /** The questions that these callers, and nobody else, may ask. */
  const askedBy = (...callers: string[]): string[] =>
    names(contract).filter((name) => String(contract[name].from) === String(callers));

  it('is all of the contract, each question once', () => {
    const all = [sharedLines, pageLines, toolsLines, popupLines, sweepLines, ownLines].flatMap(
      names,
    );
    expect(all.toSorted()).toEqual([...new Set(names(contract))].toSorted());
  });

  it('lets pages ask this and nothing else', () => {
    expect(askedBy('own', 'page')).toEqual(['recall', 'reedit', 'reeditDone']);
    expect(askedBy('page', 'frame')).toEqual(['pageSession', 'pageEvents', 'pageLeft']);
    expect(askedBy('page').toSorted()).toEqual(
      ['bar', 'dismissBar', 'look', 'mentions', 'recallMine', 'summon', 'warnOf'].toSorted(),
    );
    expect(askedBy('own').toSorted()).toEqual(
      [...names(popupLines), ...names(sweepLines), ...names(ownLines)].toSorted(),
    );
  });

  it('gives a page what it may ask, and what only our own pages may ask to them', () => {
    expect(names(sharedLines).toSorted()).toEqual(askedBy('own', 'page').toSorted());
    expect([pageLines, toolsLines].flatMap(names).toSorted()).toEqual(
      [...askedBy('page'), ...askedBy('page', 'frame')].toSorted(),
    );
  });
});

describe('asking', () => {
  it('gives the answer, with what was asked and who asked', async () => {
    const asked: unknown[] = [];
    work({
      turnSiteOn: (content, asker: Asker) => {
        asked.push(content, asker);
        return Promise.resolve(true);
      },
    });
    expect(await ask('turnSiteOn', chat)).toBe(true);
    expect(asked).toEqual([chat, { kind: 'own', path: '/popup.html' }]);
  });

  it('is the same from a chat page and from the popup', async () => {
    work({
      recallMine: ({ id }) => Promise.resolve({ ok: false, why: 'unknown', code: id.length }),
      siteState: () => Promise.resolve({ name: 'nobody' }),
    });
    messaging.sender = pageSender(chat);
    expect(await askFromPage('recallMine', { id: 'm1' })).toEqual({
      ok: false,
      why: 'unknown',
      code: 2,
    });
    messaging.sender = popup;
    expect(await askFromPopup('siteState', chat)).toEqual({ name: 'nobody' });
  });

  it('gives undefined where that is the answer', async () => {
    work({ account: () => Promise.resolve(undefined) });
    expect(await ask('account')).toBeUndefined();
  });

  it('rejects when nobody listens', async () => {
    await expect(ask('sites')).rejects.toThrow(AskError);
  });

  it('rejects when the extension is gone', async () => {
    work({});
    messaging.isGone = true;
    await expect(ask('sites')).rejects.toThrow(AskError);
  });

  it('rejects when whoever listens does not answer', async () => {
    messaging.onMessage.addListener(() => undefined);
    await expect(ask('sites')).rejects.toThrow(new AskError('sites: no answer'));
  });

  it('rejects when the worker fails, without saying how', async () => {
    work({ sites: () => Promise.reject(new Error('words somebody wrote')) });
    await expect(ask('sites')).rejects.toThrow(new AskError('sites: failed'));
  });

  // Chromium 156 and Firefox 153 drop an answer that comes meanwhile (seen), and tell nobody.
  it('rejects when the page was left and come back to before an answer', async () => {
    const late = Promise.withResolvers<string[]>();
    work({ sites: () => late.promise });
    const ends: string[] = [];
    const asked = ask('sites').catch((error: unknown) => ends.push(String(error)));
    frame.show(false);
    // The page says so itself.
    frame.show(true, false);
    await Promise.resolve();
    expect(ends).toEqual([]);
    frame.show(true);
    await asked;
    expect(ends).toEqual(['AskError: sites: no answer']);
    expect(frame.waiting).toBe(0);
    late.resolve([]);
  });

  it('rejects an answer of another shape', async () => {
    work({ sites: () => Promise.resolve(['not an origin']) });
    await expect(ask('sites')).rejects.toThrow(AskError);
  });
});

describe('answering', () => {
  it.each([
    ['an unknown question', { 'unsay-ask': 'nothing' }],
    ['a question that every object has', { 'unsay-ask': 'toString' }],
    ['a question that is no text', { 'unsay-ask': ['sites'] }],
    ['a message of somebody else', { hello: 'world' }],
    ['a text', 'unsay-ask'],
    ['nothing', null],
  ])('leaves %s to other listeners', (_, message) => {
    work({});
    const replies: unknown[] = [];
    const kept = messaging.onMessage.tell(message, popup, (reply) => replies.push(reply));
    expect(kept).toEqual([undefined]);
    expect(replies).toEqual([]);
  });

  it('keeps the reply open for a question of ours', () => {
    work({});
    const kept = messaging.onMessage.tell({ 'unsay-ask': 'sites' }, popup, () => undefined);
    expect(kept).toEqual([true]);
  });

  it.each([...names(popupLines), ...names(sweepLines), ...names(ownLines)])(
    'refuses a page that asks %s',
    async (question) => {
      let isHandled = false;
      work({
        [question]: () => {
          isHandled = true;
          return Promise.resolve();
        },
      });
      messaging.sender = pageSender(chat);
      expect(await post(question)).toEqual({ refused: 'caller' });
      expect(isHandled).toBe(false);
    },
  );

  it('refuses a page whose site is off', async () => {
    work({ look: () => Promise.resolve({ rows: [] }) });
    messaging.sender = pageSender('https://other.example/');
    await expect(askFromPage('look', { ids: [] })).rejects.toThrow('look: caller');
    messaging.sender = pageSender(chat);
    expect(await askFromPage('look', { ids: [] })).toEqual({ rows: [] });
  });

  it('refuses what does not fit the question before it is handled', async () => {
    let isHandled = false;
    const handle = () => {
      isHandled = true;
      return Promise.resolve({ ok: true, at: 0 } as const);
    };
    work({ recall: handle });
    for (const content of [
      undefined,
      null,
      'm1',
      { account: '1:a', conversation: 'C2Cbob' },
      { account: '1:a', conversation: 'elsewhere', id: 'm1' },
      { account: 'a', conversation: 'C2Cbob', id: 'm1' },
      { account: '1:a', conversation: 'C2Cbob', id: 'm 1' },
      { account: '1:a', conversation: 'C2Cbob', id: { length: 2 } },
    ]) {
      expect(await post('recall', content)).toEqual({ refused: 'content' });
    }
    expect(isHandled).toBe(false);
  });

  it('refuses a sweep whose name anybody could have', async () => {
    const refs = [{ account: '1:a', conversation: 'C2Cbob', id: 'm1' }];
    work({ sweepStart: () => Promise.resolve(undefined) });
    for (const sweep of [undefined, '', 's1', 'x'.repeat(36), crypto.randomUUID().slice(1)]) {
      expect(await post('sweepStart', { sweep, refs })).toEqual({ refused: 'content' });
    }
    expect(await post('sweepStart', { sweep: crypto.randomUUID(), refs })).toEqual({});
  });

  it('hands on nothing that was not asked for', async () => {
    const seen: unknown[] = [];
    work({
      recall: (content) => {
        seen.push(content);
        return Promise.resolve({ ok: true, at: 0 });
      },
    });
    await post('recall', { account: '1:a', conversation: 'C2Cbob', id: 'm1', isAdmin: true });
    expect(seen).toEqual([{ account: '1:a', conversation: 'C2Cbob', id: 'm1' }]);
  });
});
