import { describe, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { BarView } from '../../../src/contract/views.ts';
import { accountId } from '../../../src/message/message.ts';
import { alice, recallOf, withBob } from '../history/fixtures.ts';
import { allowSites, ChatPages } from './chat-pages.ts';
import { eachInWorld } from './in-world.ts';
import { aliceSignedIn, keepSignedIn, settle, wake, type Life, type World } from './life.ts';
import type { Service } from './service.ts';

const chat = 'https://chat.example';
const evil = 'https://evil.example';
const app = 1_400_000_001;
const own = { kind: 'own', path: '/popup.html' } as const;
const ref = { account: alice, conversation: withBob, id: 'm1' };

let service: Service;
let world: World;
let pages: ChatPages;

eachInWorld(async (made) => {
  ({ service, world } = made);
  pages = new ChatPages(service);
  pages.open(2);
  await allowSites();
  const time = Math.floor(service.time() / 1000) - 5;
  service.send('m1', { time, body: { text: 'private words' } });
});

const at = (origin: string) => ({ kind: 'page', origin, tab: 2, frame: 0 }) as const;

/** A page says that it is signed in as Alice. */
async function claim(life: Life, origin: string, ofApp: number): Promise<void> {
  const session = { isFound: true, app: ofApp, user: 'alice', isReady: true };
  await life.answers.pageSession(
    { seat: 'seat-2-0123456789', session, isVisible: true },
    at(origin),
  );
  await settle();
}
const barOf = (life: Life, origin: string): Promise<BarView> =>
  life.answers.bar({ session: alice, user: 'alice', ids: ['m1'] }, at(origin));
const usedOn = async (life: Life): Promise<readonly string[] | undefined> =>
  (await life.answers.account(undefined, own))?.sites;

describe('a page of a site the own sign-in is not used on', () => {
  it.each([
    ['says that it is its user, and no app', 0],
    ['says that it is its user of its app', app],
    ['shows no session and says so all the same', undefined],
  ])('gets no words of it, though it %s', async (_, claimed) => {
    await allowSites(chat, evil);
    await keepSignedIn();
    const life = await wake(world);
    if (claimed !== undefined) await claim(life, evil, claimed);
    const before = await barOf(life, evil);
    expect(before.messages).toMatchObject([{ id: 'm1', warnings: [] }]);
    expect(JSON.stringify(before)).not.toMatch(/private|bob|alice/iu);
    // Whoever has the row may recall it: the page’s own script cannot ask, only a person’s click.
    expect(await life.answers.recall(ref, at(evil))).toMatchObject({ ok: true });
    await settle();
    expect(await life.answers.reedit(ref, at(evil))).toBeUndefined();
    const { rows } = await life.answers.look({ ids: ['m1'], session: alice }, at(evil));
    expect(rows).toMatchObject([{ id: 'm1' }]);
    expect(rows[0]).not.toHaveProperty('reeditUntil');
    expect(JSON.stringify(await barOf(life, evil))).not.toMatch(/private|bob|alice/iu);
    // To the user themself they are given back.
    expect(await life.answers.reedit(ref, own)).toBe('private words');
  });

  it('is not told why somebody recalled a message either', async () => {
    await allowSites(chat, evil);
    await keepSignedIn();
    const life = await wake(world);
    const [sent] = service.messages;
    if (!sent) throw new Error('Nothing was sent.');
    life.link.tell({ kind: 'recalls', recalls: [recallOf(sent, { reason: 'a private reason' })] });
    await settle();
    const look = () => life.answers.look({ ids: ['m1'], session: alice }, at(evil));
    expect(JSON.stringify(await look())).not.toContain('a private reason');
    await life.answers.setOwnSite({ account: alice, origin: evil, isUsed: true }, own);
    expect(JSON.stringify(await look())).toContain('a private reason');
  });
});

describe('the own sign-in is used on', () => {
  it('the only site that is on when the user signs in', async () => {
    await allowSites(chat);
    const life = await wake(world);
    await life.answers.signIn(aliceSignedIn, own);
    expect(await usedOn(life)).toEqual([chat]);
    await claim(life, chat, app);
    expect((await barOf(life, chat)).messages).toMatchObject([
      { own: { excerpt: 'private words' } },
    ]);
  });

  it('the first site that is turned on after that, and no other', async () => {
    const life = await wake(world);
    await life.answers.signIn(aliceSignedIn, own);
    expect(await usedOn(life)).toEqual([]);
    await life.answers.turnSiteOn(chat, own);
    await life.answers.turnSiteOn(evil, own);
    expect(await usedOn(life)).toEqual([chat]);
  });

  it('none of several, until the user says which', async () => {
    await allowSites(chat, evil);
    const life = await wake(world);
    await life.answers.signIn(aliceSignedIn, own);
    expect(await usedOn(life)).toEqual([]);
    await life.answers.setOwnSite({ account: alice, origin: chat, isUsed: true }, own);
    await settle();
    expect(await usedOn(life)).toEqual([chat]);
    expect((await barOf(life, chat)).messages).toMatchObject([
      { own: { excerpt: 'private words' } },
    ]);
    expect(JSON.stringify(await barOf(life, evil))).not.toContain('private words');
  });

  it('no site of which the user said otherwise, also when they sign in again', async () => {
    await allowSites(chat);
    const life = await wake(world);
    await life.answers.signIn(aliceSignedIn, own);
    await life.answers.setOwnSite({ account: alice, origin: chat, isUsed: false }, own);
    await life.answers.signIn(aliceSignedIn, own);
    expect(await usedOn(life)).toEqual([]);
  });

  it('no site that was turned off, and nothing is kept of it after a sign-out', async () => {
    await allowSites(chat);
    const life = await wake(world);
    await life.answers.signIn(aliceSignedIn, own);
    await life.answers.turnSiteOff(chat, own);
    expect(await usedOn(life)).toEqual([]);
    await allowSites(chat);
    await life.answers.setOwnSite({ account: alice, origin: chat, isUsed: true }, own);
    await life.answers.signOut(undefined, own);
    expect(await fakeBrowser.storage.local.get('own-sites')).toEqual({ 'own-sites': {} });
  });

  it('nobody else’s sites: whoever signs in next is asked anew', async () => {
    await allowSites(chat, evil);
    const life = await wake(world);
    await life.answers.signIn(aliceSignedIn, own);
    await life.answers.setOwnSite({ account: alice, origin: chat, isUsed: true }, own);
    await life.answers.signIn({ ...aliceSignedIn, userId: 'carol' }, own);
    expect(await usedOn(life)).toEqual([]);
    expect((await life.answers.account(undefined, own))?.id).toBe(accountId(app, 'carol'));
  });
});
