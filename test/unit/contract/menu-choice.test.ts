import { beforeEach, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { hearMenuChoice, menuChoice, readChoiceReply } from '../../../src/contract/menu-choice.ts';
import { extensionId, FakeMessaging, pageSender } from './fake-messaging.ts';

let messaging: FakeMessaging;
let life: AbortController;
const onChoice = vi.fn(() => 'taken' as const);
beforeEach(() => {
  fakeBrowser.reset();
  onChoice.mockClear();
  messaging = new FakeMessaging();
  messaging.sender = { id: extensionId };
  life = new AbortController();
  hearMenuChoice(onChoice, life.signal);
});

it('a choice in the browser’s own menu reaches the frame, and its answer the worker', async () => {
  expect(readChoiceReply(await messaging.send(menuChoice))).toBe('taken');
  expect(onChoice).toHaveBeenCalledOnce();
});

it('no page, no other extension and nothing else that is said counts as a choice', async () => {
  await messaging.send({ 'unsay-menu': 'anything' });
  await messaging.send('unsay-menu');
  messaging.sender = pageSender('https://chat.example');
  await messaging.send(menuChoice);
  messaging.sender = { id: 'another-extension' };
  await messaging.send(menuChoice);
  expect(onChoice).not.toHaveBeenCalled();
});

it('a page that was left takes no choice any more', async () => {
  life.abort();
  await expect(messaging.send(menuChoice)).rejects.toThrow();
  expect(onChoice).not.toHaveBeenCalled();
});

it.each([undefined, null, 'taken by somebody', { ok: true }])(
  'an answer of another shape (%s) is none',
  (answer) => {
    expect(readChoiceReply(answer)).toBe('nothing');
  },
);
