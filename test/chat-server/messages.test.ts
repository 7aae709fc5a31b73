import type { Message } from '@tencentcloud/chat';
import { describe, expect, test } from 'vitest';
import { makePageGlobals, UploadPlugin } from './page-globals.ts';
import type { ConversationId } from './peer.ts';
import { arrival, codeOf, enter, enterAll, first, openServer, textOf } from './town.ts';

const CONVERSATIONS: [string, ConversationId][] = [
  ['C2C', 'C2Cbob'],
  ['group', 'GROUPteam'],
];

describe.each(CONVERSATIONS)('a %s message', (kind, to) => {
  test('of text arrives with the same ID, time and author', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const sent = await alice.sendText(to, 'Grüße, 世界 👋');
    const received = await arrival(bob, 'Grüße, 世界 👋');
    expect(received).toMatchObject({
      ID: sent.ID,
      time: sent.time,
      sequence: sent.sequence,
      from: 'alice',
      flow: 'in',
      nick: 'Alice A',
      avatar: 'http://127.0.0.1/alice.png',
    });
    expect(server.message(sent)).toMatchObject({ from: 'alice', text: 'Grüße, 世界 👋' });
  });

  test("is synced to the sender's other instance as outgoing", async () => {
    const server = await openServer({ maxWebInstances: 2 });
    const [here, there] = await enterAll(server, 'alice', 'alice');
    const sent = await here.sendText(to, 'from here');
    expect(await arrival(there, 'from here')).toMatchObject({
      ID: sent.ID,
      flow: 'out',
      from: 'alice',
      conversationID: to,
    });
    expect(here.events.filter(({ name }) => name === 'onMessageReceived')).toEqual([]);
  });

  test('of a custom, face or location kind arrives untouched', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const received: Message[] = [];
    bob.chat.on('onMessageReceived', ({ data }: { data: Message[] }) => received.push(...data));
    const custom = { data: '{"a":[1,{"b":"\\"}"}]}', description: 'd', extension: '' };
    await alice.sendCustom(to, custom);
    await alice.sendFace(to, 2, 'smile');
    const target = {
      to: to.replace(/^(?:C2C|GROUP)/, ''),
      conversationType: (kind === 'C2C' ? 'C2C' : 'GROUP') as never,
    };
    const place = { description: 'here', longitude: 1.5, latitude: -2.5 };
    await alice.send(alice.chat.createLocationMessage({ ...target, payload: place }));
    await bob.seen('onMessageReceived', () => received.length === 3);
    expect(received.map(({ type }) => type)).toEqual([
      'TIMCustomElem',
      'TIMFaceElem',
      'TIMLocationElem',
    ]);
    expect(received.map(({ payload }) => payload as unknown)).toMatchObject([
      custom,
      { index: 2, data: 'smile' },
      place,
    ]);
  });

  test('with a picture or a file arrives with an address that gives the same bytes', async () => {
    const server = await openServer();
    const bob = await enter(server, 'bob');
    const alice = await enter(server, 'alice', { globals: makePageGlobals(), logsIn: false });
    alice.chat.registerPlugin({ 'tim-upload-plugin': UploadPlugin });
    await alice.logIn();
    const target = {
      to: to.replace(/^(?:C2C|GROUP)/, ''),
      conversationType: (kind === 'C2C' ? 'C2C' : 'GROUP') as never,
    };
    const png = Buffer.from('89504e470d0a1a0a0000', 'hex');
    const picture = new File([png], 'picture.png', { type: 'image/png' });
    await alice.send(alice.chat.createImageMessage({ ...target, payload: { file: picture } }));
    const report = new File(['the whole report'], 'report.txt', { type: 'text/plain' });
    await alice.send(alice.chat.createFileMessage({ ...target, payload: { file: report } }));
    const isOf = (type: string) => (list: Message[]) =>
      list.some((each) => String(each.type) === type);
    const image = await bob.seen<Message[]>('onMessageReceived', isOf('TIMImageElem'));
    const { imageInfoArray } = first(image.data).payload as { imageInfoArray: { url: string }[] };
    const shown = await fetch(first(imageInfoArray).url);
    expect(shown.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png);
    const file = await bob.seen<Message[]>('onMessageReceived', isOf('TIMFileElem'));
    const { fileUrl, fileName } = first(file.data).payload as { fileUrl: string; fileName: string };
    expect(fileName).toBe('report.txt');
    expect(await (await fetch(fileUrl)).text()).toBe('the whole report');
  });

  test('sent while the receiver is away waits in history', async () => {
    const server = await openServer();
    const alice = await enter(server, 'alice');
    const sent = await alice.sendText(to, 'for later');
    const bob = await enter(server, 'bob');
    const history = await bob.history(kind === 'C2C' ? 'C2Calice' : 'GROUPteam');
    expect(history.map(({ ID }) => ID)).toEqual([sent.ID]);
  });

  test('of two users at once arrives at both', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    await Promise.all([
      alice.sendText(to, 'from alice'),
      bob.sendText(kind === 'C2C' ? 'C2Calice' : 'GROUPteam', 'from bob'),
    ]);
    expect(textOf(await arrival(bob, 'from alice'))).toBe('from alice');
    expect(textOf(await arrival(alice, 'from bob'))).toBe('from bob');
  });

  test('can be modified by its sender, and the other sees it', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const sent = await alice.sendText(to, 'befor');
    await arrival(bob, 'befor');
    (sent.payload as { text: string }).text = 'before';
    await alice.chat.modifyMessage(sent);
    const { data } = await bob.seen<Message[]>('onMessageModified');
    expect(textOf(first(data))).toBe('before');
    expect(server.message(sent).text).toBe('before');
  });

  test('deleted by one user stays with the other', async () => {
    const server = await openServer();
    const [alice, bob] = await enterAll(server, 'alice', 'bob');
    const sent = await alice.sendText(to, 'only for you');
    await arrival(bob, 'only for you');
    await alice.chat.deleteMessage([sent]);
    expect(await alice.history(to, { isFresh: true })).toEqual([]);
    const theirs = await bob.history(kind === 'C2C' ? 'C2Calice' : 'GROUPteam', { isFresh: true });
    expect(theirs).toHaveLength(1);
  });
});

test('a message to a user who does not exist is refused with 20003', async () => {
  const server = await openServer();
  const alice = await enter(server, 'alice');
  expect(await codeOf(alice.sendText('C2Cnobody', 'hello?'))).toBe(20003);
});

test('a message to a group that does not exist is refused with 10010', async () => {
  const server = await openServer();
  const alice = await enter(server, 'alice');
  expect(await codeOf(alice.sendText('GROUPnowhere', 'hello?'))).toBe(10010);
});

test('a message to a group of others is refused with 10007', async () => {
  const server = await openServer();
  server.addGroup({ id: 'private', name: 'Private', owner: 'bob', members: ['carol'] });
  const alice = await enter(server, 'alice');
  expect(await codeOf(alice.sendText('GROUPprivate', 'hello?'))).toBe(10007);
  expect(server.messages('private')).toEqual([]);
});

test('a message larger than the service takes is refused with 80002', async () => {
  const server = await openServer();
  const alice = await enter(server, 'alice');
  expect(await codeOf(alice.sendText('C2Cbob', 'x'.repeat(12_300)))).toBe(80002);
});

test('a C2C read receipt reaches the sender', async () => {
  const server = await openServer();
  const [alice, bob] = await enterAll(server, 'alice', 'bob');
  const sent = await alice.send(
    alice.chat.createTextMessage({
      to: 'bob',
      conversationType: 'C2C' as never,
      payload: { text: 'read me' },
      needReadReceipt: true,
    }),
  );
  const received = await arrival(bob, 'read me');
  await bob.chat.sendMessageReadReceipt([received]);
  const { data } = await alice.seen<{ messageID: string; isPeerRead: boolean }[]>(
    'onMessageReadReceiptReceived',
  );
  expect(first(data)).toMatchObject({ messageID: sent.ID, isPeerRead: true });
});

test('a group read receipt counts who has read', async () => {
  const server = await openServer();
  const [alice, bob] = await enterAll(server, 'alice', 'bob');
  const sent = await alice.send(
    alice.chat.createTextMessage({
      to: 'team',
      conversationType: 'GROUP' as never,
      payload: { text: 'read me' },
      needReadReceipt: true,
    }),
  );
  await bob.chat.sendMessageReadReceipt([await arrival(bob, 'read me')]);
  const { data } = await alice.seen<{ messageID: string; readCount: number }[]>(
    'onMessageReadReceiptReceived',
  );
  expect(first(data)).toMatchObject({ messageID: sent.ID, readCount: 1, unreadCount: 1 });
});
