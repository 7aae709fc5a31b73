import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { alice, message, recallOf, team, withBob } from '../history/fixtures.ts';
import { bringBack } from '../../../src/background/bar.ts';
import { reeditFor } from '../../../src/background/reedit.ts';
import { defaultManners } from '../../../src/message/manners.ts';
import type { BarView } from '../../../src/contract/views.ts';
import { writeOwnSite } from '../../../src/platform/own-sites.ts';
import { allowSites, ChatPages } from './chat-pages.ts';
import { eachWithAlice } from './in-world.ts';
import { pass, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

const commands = [{ name: 'recall-last', shortcut: 'Ctrl+Shift+9' }];

let service: Service;
let world: World;
eachWithAlice(async (made) => {
  ({ service, world } = made);
  fakeBrowser.commands.getAll = () => Promise.resolve([...commands]);
  await writeOwnSite(alice, page.origin, true);
});

const now = (): number => Math.floor(service.time() / 1000);
const page = { kind: 'page', origin: 'https://chat.example', tab: 1, frame: 0 } as const;
const own = { kind: 'own', path: '/popup.html' } as const;
const elsewhere = { ...page, origin: 'https://other.example' } as const;
const asAlice = { session: alice, ids: [] };

const barOf = (life: Life, asked: Parameters<Life['answers']['bar']>[0]): Promise<BarView> =>
  life.answers.bar(asked, page);
const ref = (id: string) => ({ account: alice, conversation: withBob, id });

describe('the bar of a page', () => {
  it('shows what I just sent, newest first, with where it went and how it begins', async () => {
    service.send('m1', { time: now() - 20, body: { text: 'first words' } });
    service.send('m2', { time: now() - 10, body: { text: '😀'.repeat(80) }, conversation: team });
    service.send('old', { time: now() - 130 });
    const life = await wake(world);
    const { messages, time } = await barOf(life, asAlice);
    expect(messages).toMatchObject([
      { id: 'm2', until: (now() + 110) * 1000, own: { conversation: team } },
      { id: 'm1', own: { conversation: withBob, name: 'bob', excerpt: 'first words' } },
    ]);
    expect(messages[0]?.own?.excerpt).toBe(`${'😀'.repeat(60)}…`);
    expect(time).toEqual({ serverNow: service.time(), clock: Date.now() });
  });

  it('shows and elsewhere offers the last of two sent in one second, to whomever', async () => {
    const time = now() - 5;
    service.send('m1', { time, sequence: 2_152_150_002 });
    const group = { conversation: team, sequence: 7, clientSequence: 2_152_150_003 };
    service.send('m2', { time, ...group });
    const life = await wake(world);
    const idsOf = async (asked: Parameters<typeof barOf>[1]): Promise<string[]> =>
      (await barOf(life, asked)).messages.map(({ id }) => id);
    expect(await idsOf(asAlice)).toEqual(['m2', 'm1']);
    expect(await idsOf({ session: '1400000001:somebody', ids: [] })).toEqual(['m2']);
  });

  it('shows nothing that others wrote', async () => {
    service.send('m1', { author: 'bob', time: now() - 5 });
    const life = await wake(world);
    expect((await barOf(life, asAlice)).messages).toEqual([]);
  });

  it('shows a message for five minutes at most, however long it can be recalled', async () => {
    service.send('m1', { time: now() - 290 });
    const life = await wake(world);
    await life.answers.setWindow({ account: alice, seconds: 86_400 }, own);
    expect((await barOf(life, asAlice)).messages).toMatchObject([
      { id: 'm1', showUntil: (now() + 10) * 1000 },
    ]);
    await pass(11_000);
    expect((await barOf(life, asAlice)).messages).toEqual([]);
  });

  it('shows no words when the user is discreet, and nothing when they want no bar', async () => {
    service.send('m1', { time: now() - 5 });
    const life = await wake(world);
    await life.answers.setManners({ ...defaultManners, isDiscreet: true }, own);
    const [discreet] = (await barOf(life, asAlice)).messages;
    expect(discreet?.own).toMatchObject({ name: 'bob', excerpt: '' });
    await life.answers.setManners({ ...defaultManners, hasBar: false }, own);
    expect((await barOf(life, asAlice)).messages).toEqual([]);
  });

  it('comes into the frame that wants it, not into the page around that', async () => {
    const executeScript = vi.fn(() => Promise.resolve([]));
    Object.assign(fakeBrowser, { scripting: { executeScript } });
    const life = await wake(world);
    await life.answers.summon('hands', { ...page, frame: 7 });
    expect(executeScript).toHaveBeenCalledWith(
      expect.objectContaining({ target: { tabId: 1, frameIds: [7] }, files: ['hands.js'] }),
    );
    await life.answers.summon('hands', { ...page, kind: 'frame', frame: 8 });
    expect(executeScript).toHaveBeenCalledTimes(1);
  });

  it('is there once where a page and its frames are of the site: where somebody is signed in', async () => {
    new ChatPages(service).open(page.tab);
    await allowSites(page.origin);
    service.send('m1', { time: now() - 5 });
    const life = await wake(world);
    const app = 1_400_000_001;
    const signIn = (frame: number, user?: string): Promise<unknown> => {
      const session = { isFound: true, app, ...(user !== undefined && { user }), isReady: true };
      const seat = `seat-${frame}-0123456789`;
      return life.answers.pageSession({ seat, session, isVisible: true }, { ...page, frame });
    };
    const places = async (): Promise<number[]> => {
      const shown: number[] = [];
      for (const frame of [0, 3, 4]) {
        const { messages } = await life.answers.bar({ ids: [] }, { ...page, frame });
        if (messages.length > 0) shown.push(frame);
      }
      return shown;
    };
    expect(await places()).toEqual([0]);
    for (const frame of [0, 3, 4]) await signIn(frame);
    expect(await places()).toEqual([0]);
    await signIn(3, 'alice');
    expect(await places()).toEqual([3]);
    await signIn(0, 'alice');
    expect(await places()).toEqual([0]);
  });

  it('is told what became of a recall, for a short while', async () => {
    service.send('m1', { time: now() - 5, kind: 'image' });
    const life = await wake(world);
    expect(await life.answers.recallMine({ id: 'm1' }, page)).toMatchObject({ ok: true });
    await settle();
    expect((await barOf(life, asAlice)).messages).toMatchObject([{ id: 'm1', isRecalled: true }]);
    await pass(21_000);
    expect((await barOf(life, asAlice)).messages).toEqual([]);
  });

  it('stays without what was dismissed in another page, also after the worker died', async () => {
    service.send('m1', { time: now() - 5 });
    service.send('m2', { time: now() - 4 });
    const life = await wake(world);
    await life.answers.dismissBar(['m2'], page);
    expect((await barOf(life, asAlice)).messages).toMatchObject([{ id: 'm1' }]);
    life.die();
    const next = await wake(world);
    expect((await barOf(next, asAlice)).messages).toMatchObject([{ id: 'm1' }]);
  });

  it('names the key that recalls the last message, and none where none is set', async () => {
    const life = await wake(world);
    expect((await barOf(life, asAlice)).shortcut).toBe('Ctrl+Shift+9');
    fakeBrowser.commands.getAll = () => Promise.resolve([{ name: 'recall-last', shortcut: '' }]);
    expect(await barOf(life, asAlice)).not.toHaveProperty('shortcut');
  });

  it('names the conversation that is open in the page', async () => {
    service.send('m1', { time: now() - 5 });
    const life = await wake(world);
    const { here } = await barOf(life, { ...asAlice, conversation: withBob });
    expect(here).toEqual({ conversation: withBob, name: 'bob' });
  });
});

describe('on a page that is not the account’s own, the bar', () => {
  beforeEach(() => {
    service.send('m1', { time: now() - 20 });
    service.send('m2', { time: now() - 10 });
  });

  it.each([
    ['of another user', { session: '1400000001:mallory', ids: ['m1'] }],
    ['of another app', { session: '1400000002:alice', ids: ['m1'] }],
    ['that says nothing of itself', { ids: [] }],
    ['that names my user, but shows no message of mine', { user: 'alice', ids: [] }],
    ['that shows a message of mine to another user', { user: 'mallory', ids: ['m1'] }],
  ])('tells of the last message only, and nothing of it: a page %s', async (_, asked) => {
    const life = await wake(world);
    const view = await barOf(life, { ...asked, conversation: withBob });
    expect(view.messages).toEqual([
      {
        id: 'm2',
        time: now() - 10,
        until: (now() + 110) * 1000,
        showUntil: (now() + 110) * 1000,
        isRecalled: false,
        warnings: [],
      },
    ]);
    expect(JSON.stringify(view)).not.toMatch(/bob|words|alice/iu);
  });

  it('still recalls it', async () => {
    const life = await wake(world);
    expect(await life.answers.recallMine({ id: 'm2' }, page)).toMatchObject({ ok: true });
  });

  it('recalls it for the account that was named, and for no other that has such an id', async () => {
    const life = await wake(world);
    const other = '1400000009:alice';
    expect(await life.answers.recallMine({ id: 'm2', account: other }, page)).toEqual({
      ok: false,
      why: 'not-found',
    });
    expect(service.asked).toEqual([]);
    expect(await life.answers.recallMine({ id: 'm2', account: alice }, page)).toMatchObject({
      ok: true,
    });
  });

  it('never recalls what somebody else wrote', async () => {
    service.send('m3', { author: 'bob', conversation: team, time: now() - 3 });
    const life = await wake(world);
    for (const account of [{}, { account: alice }]) {
      expect(await life.answers.recallMine({ id: 'm3', ...account }, page)).toEqual({
        ok: false,
        why: 'not-found',
      });
    }
    expect(service.asked).toEqual([]);
  });
});

it('knows an own page by the user it names and a message it shows', async () => {
  service.send('m1', { time: now() - 20 });
  const life = await wake(world);
  const [shown] = (await barOf(life, { user: 'alice', ids: ['m1'] })).messages;
  expect(shown?.own?.excerpt).toBe('words of m1');
});

describe('warnings', () => {
  it('tell what the text itself gives away, and what only the page could see', async () => {
    service.send('m1', { time: now() - 9, body: { text: 'my password: hunter22' } });
    const life = await wake(world);
    await life.answers.warnOf({ id: 'm1', rules: ['switched'] }, page);
    expect((await barOf(life, asAlice)).messages).toMatchObject([
      { warnings: ['switched', 'secret'] },
    ]);
    await life.answers.setManners({ rule: { name: 'secret', isOn: false } }, own);
    expect((await barOf(life, asAlice)).messages).toMatchObject([{ warnings: ['switched'] }]);
  });

  it('are for the account’s own pages only: they tell of the words', async () => {
    service.send('m1', { time: now() - 9, body: { text: 'my password: hunter22' } });
    const life = await wake(world);
    await life.answers.warnOf({ id: 'm1', rules: ['switched'] }, page);
    expect((await barOf(life, { ids: [] })).messages).toMatchObject([{ id: 'm1', warnings: [] }]);
  });

  describe('of a name in a group', () => {
    const toTeam = { conversation: team };
    const carol = 'C2Ccarol';
    beforeEach(() => {
      service.send('c1', { conversation: carol, author: 'carol', time: now() - 4000 });
      for (let at = 0; at < 60; at += 1) {
        service.send(`b${at}`, { ...toTeam, author: 'bob', time: now() - 3000 + at });
      }
    });
    const warningsIn = async (life: Life) =>
      (await barOf(life, asAlice)).messages.map(({ warnings }) => warnings);

    it('come where its messages tell that nobody of that name is there', async () => {
      service.send('m1', { ...toTeam, time: now() - 9, body: { text: 'Carol, see you at 7' } });
      service.send('m2', { ...toTeam, time: now() - 8, body: { text: 'Bob, see you at 7' } });
      const life = await wake(world);
      expect(await warningsIn(life)).toEqual([[], ['name']]);
      await life.answers.setManners({ rule: { name: 'name', isOn: false } }, own);
      expect(await warningsIn(life)).toEqual([[], []]);
    });

    it('do not come once they wrote there themselves', async () => {
      service.send('m1', { ...toTeam, time: now() - 9, body: { text: 'Carol, see you at 7' } });
      service.send('c2', { ...toTeam, author: 'carol', time: now() - 3 });
      service.send('c3', { ...toTeam, author: 'carol', time: now() - 2 });
      const life = await wake(world);
      expect(await warningsIn(life)).toEqual([[]]);
    });

    it('cost a look into it only where somebody known is spoken to, and one for all', async () => {
      const send = (id: string, text: string) =>
        service.send(id, { ...toTeam, time: now() - 9, body: { text } });
      send('m1', 'see you at 7');
      const life = await wake(world);
      const looks: unknown[] = [];
      life.hold(({ moment, name, args }) => {
        if (moment === 'before' && name === 'history.page') looks.push(args[1]);
        return undefined;
      });
      await warningsIn(life);
      expect(looks).toEqual([]);
      life.link.tell({
        kind: 'messages',
        messages: [send('m2', 'Carol, hi'), send('m3', '@Carol')],
      });
      await settle();
      await warningsIn(life);
      expect(looks).toEqual([team]);
    });
  });

  it.each(['toString', 'constructor', '__proto__'])(
    'do not fail on a message that is called %s',
    async (id) => {
      service.send(id, { time: now() - 9 });
      const life = await wake(world);
      expect((await barOf(life, asAlice)).messages).toMatchObject([{ id, warnings: [] }]);
      await life.answers.warnOf({ id, rules: ['switched'] }, page);
      const { messages } = await barOf(life, asAlice);
      expect(messages).toHaveLength(1);
    },
  );
});

describe('the words of what I recalled', () => {
  it('are mine for five minutes, in memory only, and gone when they were used', async () => {
    service.send('m1', { time: now() - 5, body: { text: 'hello @Carol, see <b>this</b>' } });
    const life = await wake(world);
    expect(await life.answers.reedit(ref('m1'), page)).toBeUndefined();
    await life.answers.recallMine({ id: 'm1' }, page);
    await settle();
    const [shown] = (await barOf(life, asAlice)).messages;
    expect(shown?.own?.reeditUntil).toBe(service.time() + reeditFor);
    const { rows } = await life.answers.look({ ids: ['m1'], session: alice }, page);
    expect(rows).toMatchObject([{ reeditUntil: service.time() + reeditFor }]);
    expect(await life.answers.reedit(ref('m1'), page)).toBe('hello @Carol, see <b>this</b>');
    expect(JSON.stringify(await fakeBrowser.storage.local.get())).not.toContain('hello');
    await life.answers.reeditDone(ref('m1'), page);
    expect(await life.answers.reedit(ref('m1'), page)).toBeUndefined();
    expect(JSON.stringify(await fakeBrowser.storage.session.get())).not.toContain('hello');
  });

  it('outlive the worker, and leave the browser’s memory after five minutes by themselves', async () => {
    service.send('m1', { time: now() - 5 });
    const life = await wake(world);
    await life.answers.recallMine({ id: 'm1' }, page);
    await settle();
    life.die();
    const next = await wake(world);
    expect(await next.answers.reedit(ref('m1'), page)).toBe('words of m1');
    vi.setSystemTime(Date.now() + reeditFor);
    await next.keepers.tend();
    expect(JSON.stringify(await fakeBrowser.storage.session.get())).not.toContain('words of m1');
  });

  it('tell where in them somebody is mentioned, by the names people had', async () => {
    service.send('m0', { author: 'mary', authorName: 'Mary Ann', conversation: team });
    const text = '@Mary Ann and @Bob B., not @nobody';
    const mentions = ['mary', 'bob'];
    service.send('m1', { author: 'bob', authorName: 'Bob B.', conversation: team });
    service.send('m2', { time: now() - 5, conversation: team, body: { text }, mentions });
    service.send('m3', { time: now() - 4, conversation: team });
    const life = await wake(world);
    for (const id of ['m2', 'm3']) await life.answers.recallMine({ id }, page);
    await settle();
    expect(await life.answers.mentions(ref('m2'), page)).toEqual({
      found: [
        { user: 'mary', from: 0, to: 9 },
        { user: 'bob', from: 14, to: 21 },
      ],
      isWhole: true,
    });
    expect(await life.answers.mentions(ref('m3'), page)).toBeUndefined();
    expect(await life.answers.mentions(ref('m2'), elsewhere)).toBeUndefined();
    await life.answers.reeditDone(ref('m2'), page);
    expect(await life.answers.mentions(ref('m2'), page)).toBeUndefined();
    expect(JSON.stringify(await fakeBrowser.storage.session.get())).not.toContain('mary');
  });

  it('go with a sign-out', async () => {
    service.send('m1', { time: now() - 5 });
    const life = await wake(world);
    await life.answers.recallMine({ id: 'm1' }, page);
    await settle();
    await life.keepers.signOut();
    expect(JSON.stringify(await fakeBrowser.storage.session.get())).not.toContain('words of m1');
  });

  it('are not handed out when somebody else recalled the message', async () => {
    const sent = service.send('m1', { time: now() - 5, conversation: team });
    const life = await wake(world);
    // My own recall waits; an admin's comes first.
    service.recall = () => new Promise(() => undefined);
    void life.keeper.recall('m1');
    await settle();
    life.link.tell({ kind: 'recalls', recalls: [recallOf(sent, { by: 'bob' })] });
    await settle();
    expect(await life.answers.reedit({ ...ref('m1'), conversation: team }, page)).toBeUndefined();
  });

  it('are never anybody else’s', async () => {
    const theirs = message('m1', { author: 'bob', conversation: team, time: now() - 5 });
    service.send('m1', theirs);
    const life = await wake(world);
    await life.keeper.recall('m1');
    expect(JSON.stringify(await fakeBrowser.storage.session.get('reedit'))).toBe('{}');
  });
});

describe('what came of a recall', () => {
  it('is told of a message that was dismissed once it is brought back, and of no other', async () => {
    service.send('m1', { time: now() - 5 });
    service.send('m2', { time: now() - 4 });
    const life = await wake(world);
    await life.answers.dismissBar(['m1', 'm2'], page);
    expect((await life.answers.recall(ref('m1'), own)).ok).toBe(true);
    expect((await barOf(life, asAlice)).messages).toEqual([]);
    await bringBack('m1');
    expect((await barOf(life, asAlice)).messages).toMatchObject([{ id: 'm1', isRecalled: true }]);
  });

  it('is told however old the message is, for as long as of any', async () => {
    service.windowSeconds = 86_400;
    service.send('m1', { time: now() - 400 });
    const life = await wake(world);
    await life.answers.setWindow({ account: alice, seconds: 86_400 }, own);
    expect((await barOf(life, asAlice)).messages).toEqual([]);
    service.recall = () => Promise.resolve({ ok: false, why: 'group-gone' });
    expect((await life.answers.recall(ref('m1'), own)).ok).toBe(false);
    const { messages, time } = await barOf(life, asAlice);
    expect(messages).toMatchObject([{ id: 'm1', isRecalled: false }]);
    expect((messages[0]?.showUntil ?? Infinity) - (time?.serverNow ?? 0)).toBeLessThanOrEqual(
      20_000,
    );
  });
});
