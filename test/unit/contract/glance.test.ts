import { beforeEach, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { readEarly } from '../../../src/contract/early-glance.ts';
import { publishGlance, readGlance, scrubGlance, withKey } from '../../../src/contract/glance.ts';
import { glanceOf, sentView } from '../ui/fake-extension.ts';

beforeEach(() => {
  fakeBrowser.reset();
});

const [one, two] = [sentView(1, 10), sentView(2, 20)];

it('keeps the glance that was published last, in memory only', async () => {
  expect(await readGlance()).toBeUndefined();
  await publishGlance(glanceOf([one]));
  await publishGlance(glanceOf([one, two]));
  expect(await readGlance()).toEqual(glanceOf([one, two]));
  expect(await fakeBrowser.storage.local.get()).toEqual({});
});

it('tells what the key did of a message that is in it, and of none that was deleted', () => {
  const key = { at: 1, sent: { account: one.account, id: one.id } };
  const glance = glanceOf([one, two]);
  expect(withKey(glance, key)).toEqual({ ...glance, key });
  expect(withKey(glanceOf([two]), key)).toEqual(glanceOf([two]));
  expect(withKey(glanceOf([]), { at: 1, why: 'none' }).key?.why).toBe('none');
  expect(withKey(glance, undefined)).toEqual(glance);
});

it('takes the words of some messages out and leaves everything else', async () => {
  await publishGlance(glanceOf([one, two]));
  await scrubGlance({ ids: [one.id, 'unknown'], conversations: [] });
  expect(await readGlance()).toEqual(glanceOf([{ ...one, excerpt: '' }, two]));
});

it('takes the words of all messages of a conversation out', async () => {
  await publishGlance(glanceOf([one, two]));
  await scrubGlance({ ids: [], conversations: [two.conversation] });
  expect(await readGlance()).toEqual(glanceOf([one, { ...two, excerpt: '' }]));
});

it('is gone where it cannot be written without them', async () => {
  await publishGlance(glanceOf([one]));
  vi.spyOn(fakeBrowser.storage.session, 'set').mockRejectedValueOnce(new Error('No room.'));
  await scrubGlance({ ids: [one.id], conversations: [] });
  expect(await readGlance()).toBeUndefined();
});

it('has nothing to take words out of when nothing was published', async () => {
  await scrubGlance({ ids: [one.id], conversations: [] });
  expect(await readGlance()).toBeUndefined();
});

it('reads what another version left as nothing', async () => {
  await fakeBrowser.storage.session.set({ glance: { sent: 'all' } });
  expect(await readGlance()).toBeUndefined();
});

it('takes what was asked for early once, and then asks anew', async () => {
  await publishGlance(glanceOf([one]));
  readEarly();
  await publishGlance(glanceOf([one, two]));
  expect(await readGlance()).toEqual(glanceOf([one]));
  expect(await readGlance()).toEqual(glanceOf([one, two]));
});

it('checks what was asked for early like anything else that is kept', async () => {
  await fakeBrowser.storage.session.set({ glance: { sent: 'all' } });
  readEarly();
  expect(await readGlance()).toBeUndefined();
});
