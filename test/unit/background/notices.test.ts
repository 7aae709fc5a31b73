import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { NoticeBoard } from '../../../src/background/notices.ts';
import type { Lesson } from '../../../src/history/history.ts';
import { defaultManners } from '../../../src/message/manners.ts';
import { FakeEvent } from '../contract/fake-messaging.ts';
import { alice, message, recallOf, team } from '../history/fixtures.ts';
import { speak } from '../ui/fake-extension.ts';
import {
  beginWorld,
  deferred,
  endWorld,
  keepSignedIn,
  settle,
  wake,
  worldOf,
  type Life,
  type Step,
  type World,
} from './life.ts';
import { Service } from './service.ts';

interface Shown {
  readonly title: string;
  readonly message: string;
  readonly buttons?: unknown;
}

const site = 'https://chat.example';

const own = { kind: 'own', path: '/popup.html' } as const;

let service: Service;
let world: World;
let life: Life;
let board: NoticeBoard;
let shown: Map<string, Shown>;
let onClicked: FakeEvent<[string]>;
let onButtonClicked: FakeEvent<[string]>;
let takesButtons: boolean;
/** The next notice is not taken, whatever is in it. */
let isOverdone: boolean;
let onActivated: FakeEvent<[]>;
let onFocusChanged: FakeEvent<[]>;
let inFront: string;
const recall = vi.fn<(account: string, id: string) => Promise<void>>();
const report = vi.fn();

beforeEach(async () => {
  beginWorld();
  speak('en');
  vi.clearAllMocks();
  service = new Service();
  world = worldOf(service);
  shown = new Map();
  onClicked = new FakeEvent();
  onButtonClicked = new FakeEvent();
  takesButtons = true;
  isOverdone = false;
  inFront = 'https://news.example/';
  await keepSignedIn();
  await fakeBrowser.storage.local.set({
    sites: [site],
    notices: { messages: true, walkedAway: true },
  });
});
afterEach(async () => {
  expect(report).not.toHaveBeenCalled();
  await endWorld();
});

/** Starts a worker with notices; `isAllowed`: the user gave the permission. */
async function begin(isAllowed = true): Promise<void> {
  // Of those of an earlier worker nobody is left.
  onActivated = new FakeEvent();
  onFocusChanged = new FakeEvent();
  Object.assign(fakeBrowser, {
    permissions: {
      contains: ({ origins = [] }: { origins?: string[] }) =>
        // As browsers do with what is no website.
        origins.every((origin) => origin.startsWith('http'))
          ? Promise.resolve(isAllowed)
          : Promise.reject(new Error('Invalid value for origin pattern')),
    },
    notifications: {
      onClicked,
      // Firefox has it, too.
      onButtonClicked,
      create: (id: string, of: Shown) => {
        if (isOverdone) return Promise.reject(new Error('Too many notifications'));
        if (of.buttons && !takesButtons)
          return Promise.reject(new Error('"buttons" is unsupported'));
        shown.set(id, of);
        return Promise.resolve(id);
      },
      clear: (id: string) => Promise.resolve(shown.delete(id)),
      getAll: () => Promise.resolve(Object.fromEntries([...shown.keys()].map((id) => [id, true]))),
    },
  });
  Object.assign(fakeBrowser.windows, {
    getLastFocused: () => Promise.resolve({ focused: true }),
    onFocusChanged,
    create: vi.fn().mockResolvedValue({}),
  });
  Object.assign(fakeBrowser.tabs, {
    onActivated,
    query: () => Promise.resolve([{ url: inFront }]),
  });
  life = await wake(world);
  const { NoticeBoard } = await import('../../../src/background/notices.ts');
  const made = new NoticeBoard({ keepers: life.keepers, recall, report });
  made.listen();
  // Not waited for, as in the worker.
  life.heard = (change) => {
    const work = change === 'account' ? made.tidy() : made.changed(change.ids);
    work.catch(report);
  };
  life.dying = ({ ids }) => {
    made.takeBack(ids).catch(report);
  };
  life.hush = () => made.hush();
  board = made;
  await Promise.all([made.tidy(), made.lookAround()]);
}

async function comes(...messages: Parameters<typeof message>): Promise<ReturnType<typeof message>> {
  const [id, more] = messages;
  const one = message(id, { time: Math.floor(service.time() / 1000), ...more });
  life.link.tell({ kind: 'messages', messages: [one] });
  await settle();
  return one;
}

const all = (): Shown[] => [...shown.values()];

describe('a notice of a new message', () => {
  it('names the conversation, and in a group who wrote', async () => {
    await begin();
    await comes('m1', { author: 'bob', conversation: team, authorName: 'Bob' });
    expect(all()).toMatchObject([{ title: 'team', message: 'Bob: words of m1' }]);
  });

  it('holds no words in discreet mode', async () => {
    await fakeBrowser.storage.local.set({ manners: { ...defaultManners, isDiscreet: true } });
    await begin();
    await comes('m1', { author: 'bob' });
    expect(all()).toMatchObject([{ message: 'Text message' }]);
  });

  it('with words is taken back when discreet mode is switched on, and none without words', async () => {
    await begin();
    await comes('m1', { author: 'bob' });
    await comes('m2', { author: 'bob', kind: 'image', body: { text: '' } });
    expect(all()).toMatchObject([{ message: 'words of m1' }, { message: 'Picture' }]);
    await life.answers.setManners({ ...defaultManners, hasBar: false }, own);
    expect(shown.size).toBe(2);
    await life.answers.setManners({ ...defaultManners, isDiscreet: true }, own);
    expect(all()).toMatchObject([{ message: 'Picture' }]);
    await comes('m3', { author: 'bob' });
    expect(all()).toMatchObject([{ message: 'Picture' }, { message: 'Text message' }]);
  });

  it('with words is taken back by the next worker when one dies while discreet mode is switched on', async () => {
    await begin();
    await comes('m1', { author: 'bob' });
    life.dies(
      ({ moment, name, args }) =>
        moment === 'after' && name === 'local.set' && Object.hasOwn(args[0] as object, 'manners'),
    );
    void life.answers.setManners({ ...defaultManners, isDiscreet: true }, own);
    await settle();
    expect([life.isDead, shown.size]).toEqual([true, 1]);
    await begin();
    expect(shown.size).toBe(0);
  });

  it('is taken back when the message is recalled, also by a worker that did not show it', async () => {
    await begin();
    const one = await comes('m1', { author: 'bob' });
    expect(shown.size).toBe(1);
    life.die();
    await begin();
    service.messages.push(one);
    await comes('m1', { author: 'bob' });
    life.link.tell({ kind: 'recalls', recalls: [recallOf(one)] });
    await settle();
    expect(shown.size).toBe(0);
  });

  it('is taken back when the message is recalled, also while history cannot be used', async () => {
    await begin();
    const one = await comes('m1', { author: 'bob' });
    await comes('m2', { author: 'bob' });
    life.obstruct(({ name }) => (name.startsWith('history.') ? 'unavailable' : undefined));
    life.link.tell({ kind: 'recalls', recalls: [recallOf(one)] });
    await settle();
    expect(all()).toMatchObject([{ message: 'words of m2' }]);
  });

  it('is taken back when the message is recalled while the notice is made', async () => {
    await begin();
    const asked = deferred<{ focused: boolean }>();
    const isAsked = deferred<undefined>();
    Object.assign(fakeBrowser.windows, {
      getLastFocused: () => {
        isAsked.resolve(undefined);
        return asked.promise;
      },
    });
    const one = await comes('m1', { author: 'bob' });
    await isAsked.promise;
    life.link.tell({ kind: 'recalls', recalls: [recallOf(one)] });
    await settle();
    asked.resolve({ focused: true });
    await settle();
    expect(shown.size).toBe(0);
  });

  it('comes also where no window of the browser may be looked at, as a private one', async () => {
    await begin();
    Object.assign(fakeBrowser.windows, {
      getLastFocused: () => Promise.reject(new Error('Invalid window')),
    });
    await comes('m1', { author: 'bob' });
    expect(shown.size).toBe(1);
  });

  it('does not stay when the worker dies between the recall and taking it back', async () => {
    await begin();
    const one = await comes('m1', { author: 'bob' });
    await comes('m2', { author: 'bob' });
    const isRecall = ({ args: [lesson] }: Step): boolean =>
      ((lesson as Lesson).recalls ?? []).length > 0;
    // It dies before any of that.
    life.dying = () => undefined;
    life.dies((step) => step.moment === 'after' && step.name === 'history.learn' && isRecall(step));
    life.link.tell({ kind: 'recalls', recalls: [recallOf(one)] });
    await settle();
    expect(life.isDead).toBe(true);
    expect(shown.size).toBe(2);
    await begin();
    expect(all()).toMatchObject([{ message: 'words of m2' }]);
  });

  it('does not outlive the sign-in, nor what is kept', async () => {
    await begin();
    await comes('m1', { author: 'bob' });
    await life.answers.forgetAll(undefined, own);
    await settle();
    expect(shown.size).toBe(0);
    await comes('m2', { author: 'bob' });
    expect(shown.size).toBe(1);
    await life.answers.signOut(undefined, own);
    await settle();
    expect(shown.size).toBe(0);
  });

  it('is shown once, not for old messages, and not while the chat is looked at', async () => {
    await begin();
    await comes('m1', { author: 'bob', time: Math.floor(service.time() / 1000) - 120 });
    inFront = `${site}/room`;
    await comes('m2', { author: 'bob' });
    expect(shown.size).toBe(0);
    inFront = 'https://news.example/';
    await board.changed(['m2']);
    shown.clear();
    await board.changed(['m2']);
    expect(shown.size).toBe(0);
  });

  it('is shown also while a page of Unsay’s own is in front', async () => {
    await begin();
    inFront = 'chrome-extension://own/options.html';
    await comes('m1', { author: 'bob' });
    expect(shown.size).toBe(1);
  });

  it('brings the chat page to the front at a click, of the site whatever its port', async () => {
    const account = `1400000001@${encodeURIComponent('http://chat.example:8080')}:alice`;
    await begin();
    const updated: unknown[] = [];
    Object.assign(fakeBrowser.tabs, {
      // Firefox knows no ports in patterns.
      query: ({ url }: { url: string }) =>
        url === 'http://chat.example/*'
          ? Promise.resolve([
              { id: 7, windowId: 3, url: 'http://chat.example:9090/' },
              { id: 8, windowId: 4, url: 'http://chat.example:8080/room' },
            ])
          : Promise.reject(new Error('Invalid url pattern')),
      update: (...of: unknown[]) => Promise.resolve(updated.push(of)),
    });
    Object.assign(fakeBrowser.windows, { update: (...of: unknown[]) => updated.push(of) });
    onClicked.tell(JSON.stringify(['new', account, 'm1']));
    await settle();
    expect(updated).toEqual([
      [8, { active: true }],
      [4, { focused: true }],
    ]);
  });

  it('is not shown without the permission, nor when nobody wants it', async () => {
    await begin(false);
    await comes('m1', { author: 'bob' });
    expect(shown.size).toBe(0);
    life.die();
    await fakeBrowser.storage.local.set({ notices: { messages: false, walkedAway: false } });
    await begin();
    await comes('m2', { author: 'bob' });
    expect(shown.size).toBe(0);
  });
});

describe('a notice of a message just sent', () => {
  const walkAway = async (): Promise<void> => {
    inFront = 'https://news.example/';
    onActivated.tell();
    await settle();
  };

  it('comes when I turn away from the chat, once, with a button that recalls', async () => {
    await begin();
    inFront = `${site}/room`;
    await comes('m1', { author: 'alice' });
    expect(shown.size).toBe(0);
    await walkAway();
    expect(all()).toMatchObject([{ title: 'Sent to bob', buttons: [{ title: 'Recall' }] }]);
    const [tag = ''] = shown.keys();
    onButtonClicked.tell(tag);
    await settle();
    expect(recall).toHaveBeenCalledWith(alice, 'm1');
    await walkAway();
    expect(shown.size).toBe(0);
  });

  it('comes when the worker that saw it sent died, and I turn away after the next began', async () => {
    await begin();
    inFront = `${site}/room`;
    await comes('m1', { author: 'alice' });
    life.die();
    await begin();
    expect(shown.size).toBe(0);
    await walkAway();
    expect(all()).toMatchObject([{ title: 'Sent to bob' }]);
  });

  it('comes with the next worker when I turned away while there was none, once', async () => {
    await begin();
    inFront = `${site}/room`;
    await comes('m1', { author: 'alice' });
    for (const times of [1, 0]) {
      life.die();
      inFront = 'https://news.example/';
      await begin();
      expect(shown.size).toBe(times);
      shown.clear();
    }
  });

  it('comes also for a message sent after another was told of', async () => {
    await begin();
    await comes('m1', { author: 'alice' });
    await comes('m2', { author: 'alice' });
    expect(shown.size).toBe(2);
  });

  it('is none where nobody wants it, and then no turn of mine wakes a worker', async () => {
    await fakeBrowser.storage.local.set({ notices: { messages: true, walkedAway: false } });
    await begin();
    inFront = `${site}/room`;
    await comes('m1', { author: 'alice' });
    await walkAway();
    expect(shown.size).toBe(0);
    expect([...onActivated.tell(), ...onFocusChanged.tell()]).toEqual([]);
    await fakeBrowser.storage.local.set({ notices: { messages: true, walkedAway: true } });
    await comes('m2', { author: 'alice' });
    expect(shown.size).toBe(2);
  });

  it('recalls at a click where the browser refuses buttons, also by a worker that did not show it', async () => {
    takesButtons = false;
    await begin();
    inFront = `${site}/room`;
    await comes('m1', { author: 'alice' });
    await walkAway();
    expect(all()).toMatchObject([{ title: 'Sent to bob' }]);
    expect(all()[0]).not.toHaveProperty('buttons');
    expect(all()[0]?.message).toMatch(/\nClick here to recall it\.$/u);
    const [tag = ''] = shown.keys();
    life.die();
    await begin();
    onClicked.tell(tag);
    await settle();
    expect(recall).toHaveBeenCalledWith(alice, 'm1');
  });

  it('goes on with buttons after one that the browser took in no shape', async () => {
    await begin();
    inFront = `${site}/room`;
    await comes('m1', { author: 'alice' });
    await walkAway();
    isOverdone = true;
    await comes('m2', { author: 'alice' });
    expect(report).toHaveBeenCalledOnce();
    report.mockClear();
    isOverdone = false;
    await comes('m3', { author: 'alice' });
    expect(all().map(({ buttons }) => buttons)).toEqual([
      [{ title: 'Recall' }],
      [{ title: 'Recall' }],
    ]);
    const [tag = ''] = shown.keys();
    onClicked.tell(tag);
    await settle();
    expect(recall).not.toHaveBeenCalled();
  });

  it('recalls nothing at a click when its time is over, and is taken back then', async () => {
    takesButtons = false;
    await begin();
    inFront = `${site}/room`;
    await comes('m1', { author: 'alice' });
    await walkAway();
    const [tag = ''] = shown.keys();
    service.offset += 121_000;
    onClicked.tell(tag);
    await settle();
    expect(recall).not.toHaveBeenCalled();
    expect(fakeBrowser.windows.create).toHaveBeenCalled();
    await comes('m2', { author: 'alice' });
    expect(shown.size).toBe(1);
    await board.tidy();
    expect(shown.size).toBe(1);
    service.offset += 121_000;
    await board.tidy();
    expect(shown.size).toBe(0);
  });

  it('opens what it is about at a click where there is a button for the recall', async () => {
    await begin();
    onClicked.tell(JSON.stringify(['sent', alice, 'm1']));
    await settle();
    expect(recall).not.toHaveBeenCalled();
    expect(fakeBrowser.windows.create).toHaveBeenCalled();
  });

  it('does nothing for an id that is not ours', async () => {
    await begin();
    onButtonClicked.tell('["sent","nonsense","m1"]');
    onButtonClicked.tell('not json');
    await settle();
    expect(recall).not.toHaveBeenCalled();
  });
});

it('a notice has no lines, and no direction of writing, of somebody else’s making', async () => {
  await begin();
  await comes('m1', {
    author: 'bob',
    conversation: team,
    authorName: 'Bank\nYour account\u202e',
    body: { text: 'one\ntwo \u202ethree' },
  });
  const told = JSON.stringify(all());
  expect(told).toContain('Bank Your account');
  expect(told).toContain('one two three');
  expect(told).not.toMatch(/\\n|\u202e/u);
});
