import { once } from 'node:events';
import { crc32 } from 'node:zlib';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { MAX_FRAME_BYTES } from './frame.ts';
import { RawClient } from './raw-client.ts';
import type { ChatServer } from './server.ts';
import { enterAll, openServer, arrival } from './town.ts';

/** Two users talk, to see that the server is alive whatever came before. */
async function expectAlive(server: ChatServer): Promise<void> {
  const [bob, carol] = await enterAll(server, 'bob', 'carol');
  await bob.sendText('C2Ccarol', 'still there?');
  await arrival(carol, 'still there?');
}

const message = {
  To_Account: 'bob',
  MsgSeq: 1,
  MsgRandom: 2,
  MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'raw' } }],
};

test.each<[string, string | Buffer, RegExp]>([
  ['not JSON', 'hello', /not JSON/],
  ['cut off', '{"head":{"servcmd":"heartbeat.alive","seq":1}', /not JSON/],
  ['empty', '', /not JSON/],
  ['not UTF-8', Buffer.from([0xff, 0xfe, 0x00]), /not UTF-8/],
  ['a list', '[]', /no head/],
  ['null', 'null', /no head/],
  ['without a head', '{"body":{}}', /no head/],
  ['with a head of another kind', '{"head":[]}', /no head/],
  ['without a command', '{"head":{"seq":1}}', /servcmd/],
  ['with a command that is no name', '{"head":{"servcmd":"a b","seq":1}}', /servcmd/],
  ['with a number for a command', '{"head":{"servcmd":7,"seq":1}}', /servcmd/],
  ['without a number', '{"head":{"servcmd":"heartbeat.alive"}}', /seq/],
  ['with a fraction for a number', '{"head":{"servcmd":"heartbeat.alive","seq":1.5}}', /seq/],
  ['nested far too deep', `{"head":${'['.repeat(200_000)}`, /deeper/],
])('a frame that is %s gets a clear error and harms nobody', async (_what, frame, why) => {
  const server = await openServer();
  const client = await RawClient.open(server);
  client.socket.send(Buffer.from(frame));
  const answer = await client.frameFrom(0, () => true);
  expect(answer.body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: 60003 });
  expect(answer.body.ErrorInfo).toMatch(why);
  expect((await client.ask('heartbeat.alive', {})).body.ErrorCode).toBe(0);
});

test('a frame above the size limit closes its connection and no other', async () => {
  const server = await openServer();
  const [big, other] = [await RawClient.open(server), await RawClient.open(server)];
  const closed = once(big.socket, 'close');
  big.socket.send(Buffer.alloc(MAX_FRAME_BYTES + 1, 0x20));
  expect((await closed)[0]).toBe(1009);
  expect((await other.ask('heartbeat.alive', {})).body.ErrorCode).toBe(0);
  await expectAlive(server);
});

test('/binfo takes binary frames only, /info text frames only and answers in text', async () => {
  const server = await openServer();
  const binary = await RawClient.open(server);
  const heartbeat = '{"head":{"servcmd":"heartbeat.alive","seq":5},"body":{}}';
  binary.socket.send(heartbeat);
  expect((await binary.frameFrom(0, () => true)).body.ErrorInfo).toMatch(/binary frames/);
  const text = await RawClient.open(server, { path: '/info' });
  text.socket.send(Buffer.from(heartbeat));
  expect((await text.frameFrom(0, () => true)).body.ErrorInfo).toMatch(/text frames/);
  text.socket.send(heartbeat);
  expect(await text.frameFrom(1, () => true)).toMatchObject({
    head: { servcmd: 'heartbeat.alive', seq: 5 },
    body: { ErrorCode: 0 },
  });
  expect(text.cameAsText).toEqual([true, true]);
});

test('other paths are not found, and HTTP says what this server is', async () => {
  const server = await openServer();
  const socket = new WebSocket(`${server.url}/elsewhere`);
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toMatch(/404/);
  const page = await fetch(server.url.replace('ws', 'http'));
  expect(await page.text()).toMatch(/development/);
});

test('it listens on 127.0.0.1 and on no other address', async () => {
  const server = await openServer();
  const elsewhere = server.url.replace('ws://127.0.0.1', 'http://127.0.0.2');
  await expect(fetch(elsewhere)).rejects.toThrow();
});

test.each<[string, string, unknown, number, RegExp]>([
  ['no body', 'openim.sendmsg', undefined, 90001, /body/],
  ['a text for a body', 'openim.sendmsg', 'hi', 90001, /body/],
  ['a missing receiver', 'openim.sendmsg', { ...message, To_Account: undefined }, 90001, /To_Acc/],
  ['a text for a number', 'openim.sendmsg', { ...message, MsgSeq: '1' }, 90001, /MsgSeq/],
  ['an infinite number', 'openim.sendmsg', { ...message, MsgSeq: 1e308 }, 90001, /MsgSeq/],
  ['no element', 'openim.sendmsg', { ...message, MsgBody: [] }, 90001, /MsgBody/],
  ['null for an element', 'openim.sendmsg', { ...message, MsgBody: [null] }, 90001, /MsgBody/],
  ['no list of elements', 'openim.sendmsg', { ...message, MsgBody: {} }, 90001, /MsgBody/],
  [
    'an element without content',
    'openim.sendmsg',
    { ...message, MsgBody: [{ MsgType: 'TIMTextElem' }] },
    90001,
    /MsgBody/,
  ],
  ['a recall of nothing', 'openim.msgwithdraw', {}, 90001, /MsgInfo/],
  [
    'a group recall of nothing',
    'group_open_http_svc.group_msg_recall',
    { GroupId: 'team', MsgSeqList: [] },
    10004,
    /MsgSeqList/,
  ],
  [
    'a group message without text',
    'group_open_http_svc.send_group_msg',
    { GroupId: 'team' },
    10004,
    /is not/,
  ],
  ['a negative page', 'recentcontact.page_get', { StartIndex: -5 }, 90001, /StartIndex/],
  [
    'a page of no messages',
    'openim.getroammsg',
    { Peer_Account: 'bob', MaxCnt: 0 },
    90001,
    /MaxCnt/,
  ],
  [
    'a profile field of another kind',
    'profile.portrait_set',
    { ProfileItem: [{ Tag: '__proto__', Value: 1 }] },
    40001,
    /Tag/,
  ],
])('%s is refused with a code and the place', async (_what, servcmd, body, code, why) => {
  const server = await openServer();
  const client = await RawClient.open(server);
  await client.logIn(server, 'alice');
  const answer = await client.ask(servcmd, body);
  expect(answer.body).toMatchObject({ ActionStatus: 'FAIL', ErrorCode: code });
  expect(answer.body.ErrorInfo).toMatch(why);
  expect(server.messages(['alice', 'bob'])).toEqual([]);
});

test('names from the prototype are names like any other', async () => {
  const server = await openServer();
  const complaints = vi.spyOn(console, 'error');
  onTestFinished(() => {
    complaints.mockRestore();
  });
  const client = await RawClient.open(server);
  await client.logIn(server, 'alice');
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const sent = await client.ask('openim.sendmsg', { ...message, To_Account: name });
    expect(sent.body.ErrorCode).toBe(20003);
    const inGroup = await client.ask('group_open_http_svc.send_group_msg', {
      ...message,
      GroupId: name,
      Random: 1,
    });
    expect(inGroup.body.ErrorCode).toBe(10010);
    const profile = await client.ask('profile.portrait_get_all', {
      UserItem: [{ To_Account: name }],
    });
    expect(profile.body.UserProfileItem).toMatchObject([{ To_Account: '@TLS#NOT_FOUND' }]);
    expect((await client.ask(`${name}.${name}`, {})).body.ErrorCode).toBe(0);
    for (const servcmd of ['openim.getroammsg', 'openim.getmsg', 'recentcontact.page_get']) {
      const answer = await client.ask(servcmd, { Peer_Account: name, MaxCnt: 5, Cookie: name });
      expect(answer.body.ErrorCode).toBe(0);
    }
  }
  const body = '{"__proto__":{"isAdmin":true},"Cookie":""}';
  const head = '{"servcmd":"heartbeat.alive","seq":9,"__proto__":{"a2":"x"}}';
  await client.answerTo(Buffer.from(`{"head":${head},"body":${body}}`), 9);
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  expect(complaints).not.toHaveBeenCalled();
});

test('a user may be called like something of the prototype', async () => {
  const server = await openServer();
  server.addUser({ id: '__proto__', nick: 'Proto' });
  const client = await RawClient.open(server);
  expect((await client.logIn(server, '__proto__')).body.ErrorCode).toBe(0);
  const sent = await client.ask('openim.sendmsg', { ...message, To_Account: 'bob' });
  expect(sent.body.ErrorCode).toBe(0);
  expect(server.messages(['__proto__', 'bob'])).toHaveLength(1);
});

test('thousands of random frames leave the server alive and silent', async () => {
  const server = await openServer();
  const complaints = vi.spyOn(console, 'error');
  onTestFinished(() => {
    complaints.mockRestore();
  });
  const client = await RawClient.open(server);
  await client.logIn(server, 'alice');
  const commands = [...new Set(COMMANDS)];
  const values: unknown[] = [null, true, -1, 1.5, '', '__proto__', [], {}, [[]], 'alice', 2 ** 53];
  // A fixed sequence that looks random, so that a failure can be repeated.
  const pick = <T>(list: readonly T[], seed: string): T => list[crc32(seed) % list.length] as T;
  let asked = 0;
  for (const servcmd of commands) {
    for (let round = 0; round < 40; round++) {
      const body = Object.fromEntries(
        FIELDS.map((field) => [field, pick(values, `${servcmd} ${field} ${round}`)]),
      );
      const answer = await client.ask(servcmd, round % 7 === 0 ? pick(values, servcmd) : body);
      expect(typeof answer.body.ErrorCode).toBe('number');
      asked++;
    }
  }
  expect(asked).toBeGreaterThan(1000);
  expect(complaints).not.toHaveBeenCalled();
  await expectAlive(server);
});

test('without a login nothing is done', async () => {
  const server = await openServer();
  const client = await RawClient.open(server);
  expect((await client.ask('openim.sendmsg', message)).body.ErrorCode).toBe(70052);
  const forged = { a2: 'bm90IGEgdGlja2V0.c2ln', tinyid: '1' };
  const withForged = await client.ask('openim.sendmsg', message, { head: forged });
  expect(withForged.body.ErrorCode).toBe(70052);
  expect(server.messages(['alice', 'bob'])).toEqual([]);
});

test("a ticket is worthless with another user's number", async () => {
  const server = await openServer();
  const [alice, bob] = [await RawClient.open(server), await RawClient.open(server)];
  await alice.logIn(server, 'alice');
  const { body } = await bob.logIn(server, 'bob');
  const stolen = await alice.ask('openim.sendmsg', message, { head: { tinyid: body.TinyId } });
  expect(stolen.body.ErrorCode).toBe(70052);
});

test('a late request of an instance that logged out is answered and revives nothing', async () => {
  const server = await openServer();
  const client = await RawClient.open(server);
  await client.logIn(server, 'alice');
  expect((await client.ask('im_open_status.wslogout', { wslogout_type: 0 })).body.ErrorCode).toBe(
    0,
  );
  const late = await client.ask('recentcontact.page_get', { StartIndex: 0 });
  expect(late.body.ErrorCode).toBe(0);
  expect(server.onlineCount('alice')).toBe(0);
  expect((await client.ask('im_open_status.wslogin', {})).body.ErrorCode).not.toBe(0);
  expect(server.onlineCount('alice')).toBe(0);
});

test('a conversation without a message is listed without a last one, as lite-chat takes it', async () => {
  const server = await openServer();
  server.addGroup({ id: 'silent', name: 'Silent', owner: 'alice', members: ['alice'] });
  const client = await RawClient.open(server);
  await client.logIn(server, 'alice');
  const { body } = await client.ask('recentcontact.page_get', { StartIndex: 0 });
  const silent = (body.SessionItem as Record<string, unknown>[]).find(
    ({ ToAccount }) => ToAccount === 'silent',
  );
  expect(silent).toMatchObject({ MsgSeq: 0, LastMsgFlags: 0 });
  expect(silent?.LastMsg).toEqual({});
});

test('a late request of a kicked instance is told so and revives nothing', async () => {
  const server = await openServer();
  const [first, second] = [await RawClient.open(server), await RawClient.open(server)];
  await first.logIn(server, 'alice');
  await second.logIn(server, 'alice');
  const late = await first.ask('openim.sendmsg', message);
  expect(late.body).toMatchObject({ ErrorCode: 1002, KickType: 1 });
  expect((await first.ask('im_open_status.wslogout', { wslogout_type: 1 })).body.ErrorCode).toBe(0);
  expect(server.onlineCount('alice')).toBe(1);
  expect(server.messages(['alice', 'bob'])).toEqual([]);
});

test('on a fresh socket a ticket is enough, even before wslogin', async () => {
  const server = await openServer();
  const [before, after] = [await RawClient.open(server), await RawClient.open(server)];
  await before.logIn(server, 'alice');
  before.socket.terminate();
  after.borrow(before);
  expect((await after.ask('openim.sendmsg', message)).body.ErrorCode).toBe(0);
  expect(server.messages(['alice', 'bob'])).toHaveLength(1);
});

test('the same request of the same instance is carried out once, also over a new socket', async () => {
  const server = await openServer();
  const [before, after] = [
    await RawClient.open(server, { instanceId: 'abc' }),
    await RawClient.open(server, { instanceId: 'abc' }),
  ];
  await before.logIn(server, 'alice');
  after.borrow(before);
  const command = 'group_open_http_svc.send_group_msg';
  const body = { ...message, GroupId: 'team', Random: 1, ClientSeq: 1 };
  const sent = await before.ask(command, body, { seq: 77 });
  const recall = { GroupId: 'team', MsgSeqList: [{ MsgSeq: 1 }] };
  const recallCommand = 'group_open_http_svc.group_msg_recall';
  const recalled = await before.ask(recallCommand, recall, { seq: 78 });
  expect(await after.ask(command, body, { seq: 77 })).toEqual(sent);
  expect(await after.ask(recallCommand, recall, { seq: 78 })).toEqual(recalled);
  expect(recalled.body).toMatchObject({ RecallRetList: [{ MsgSeq: 1, RetCode: 0 }] });
  const again = await after.ask(recallCommand, recall, { seq: 79 });
  expect(again.body).toMatchObject({ RecallRetList: [{ MsgSeq: 1, RetCode: 10030 }] });
  expect(server.messages('team')).toHaveLength(1);
});

test('one event item carries one C2C recall notice', async () => {
  const server = await openServer();
  const client = await RawClient.open(server);
  await client.logIn(server, 'bob');
  const sent = [1, 2].map((n) => server.post({ from: 'alice', to: 'C2Cbob', text: `m${n}` }));
  for (const each of sent) server.recall(each);
  await client.ask('heartbeat.alive', {});
  const items = client.frames
    .flatMap(({ body }) => (body.EventArray ?? []) as { C2cNotifyMsgArray?: unknown[] }[])
    .filter(({ C2cNotifyMsgArray }) => C2cNotifyMsgArray !== undefined);
  expect(items.map(({ C2cNotifyMsgArray }) => C2cNotifyMsgArray?.length)).toEqual([1, 1]);
});

test('files have limits: unknown places, second uploads and strange names are refused', async () => {
  const server = await openServer();
  const client = await RawClient.open(server);
  await client.logIn(server, 'alice');
  const origin = server.url.replace('ws', 'http');
  expect((await fetch(`${origin}/files/unknown/x`)).status).toBe(404);
  expect((await fetch(`${origin}/files/unknown/x`, { method: 'PUT', body: 'x' })).status).toBe(404);
  const { body } = await client.ask('im_cos_msg.pre_sig', { file_name: '../../<script>.html' });
  const url = String(body.upload_url);
  expect(new URL(url).pathname).toMatch(/^\/files\/[0-9a-f]{32}\/[\w.-]+$/);
  expect((await fetch(url)).status).toBe(404);
  const page = { method: 'PUT', body: '<script>', headers: { 'Content-Type': 'text/html' } };
  expect((await fetch(url, page)).status).toBe(200);
  expect((await fetch(url, page)).status).toBe(409);
  const served = await fetch(url);
  expect(served.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(served.headers.get('x-content-type-options')).toBe('nosniff');
  const preflight = await fetch(url, { method: 'OPTIONS' });
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
});

const COMMANDS = [
  'openim.sendmsg',
  'openim.getroammsg',
  'openim.delete_c2c_msg_ramble',
  'openim.modify_c2c_msg',
  'openim.c2c_msg_read_receipt',
  'openim.msgwithdraw',
  'openim.getmsg',
  'openim.msgreaded',
  'openim.read_all_unread_msg',
  'openim.get_peer_read_time',
  'openim.get_c2c_peer_mute_notifications',
  'openim.set_c2c_peer_mute_notifications',
  'openim.modify_group_msg',
  'group_open_http_svc.send_group_msg',
  'group_open_http_svc.group_msg_get',
  'group_open_http_svc.delete_group_ramble_msg_by_seq',
  'group_open_http_svc.group_msg_receipt',
  'group_open_http_svc.get_group_msg_receipt',
  'group_open_http_svc.group_msg_recall',
  'group_open_http_svc.batch_get_group_notify',
  'group_open_http_svc.get_joined_group_list',
  'group_open_http_svc.get_group_self_member_info',
  'group_open_http_svc.get_group_member_info',
  'group_open_http_svc.get_specified_group_member_info',
  'group_open_http_svc.get_online_member_num',
  'group_open_http_svc.msg_read_report',
  'million_group_open_http_svc.get_joined_group_list',
  'recentcontact.page_get',
  'recentcontact.batch_delete',
  'recentcontact.clear_msg',
  'recentcontact.top',
  'profile.portrait_get_all',
  'profile.portrait_set',
  'im_cos_msg.pre_sig',
  'im_sdk_config_mgr.fetch_config',
  'sns.friend_get',
];

const FIELDS = [
  'To_Account',
  'From_Account',
  'GroupId',
  'MsgSeq',
  'MsgRandom',
  'Random',
  'MsgBody',
  'MsgInfo',
  'MsgSeqList',
  'NotifyReqList',
  'Peer_Account',
  'MaxCnt',
  'LastMsgTime',
  'MsgKey',
  'Cookie',
  'StartIndex',
  'UserItem',
  'ProfileItem',
  'ContactItem',
  'Type',
  'GroupIdList',
  'ReqMsgSeq',
  'file_name',
];
