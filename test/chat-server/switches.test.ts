import { expect, test } from 'vitest';
import { arrival, codeOf, enter, enterAll, openServer, revocation } from './town.ts';

test('any command can be refused with any code, for ever or a few times', async () => {
  const server = await openServer();
  const alice = await enter(server, 'alice');
  server.switches.refuse.set('group_open_http_svc.group_msg_recall', 10041);
  const sent = await alice.sendText('GROUPteam', 'stays for now');
  expect(await codeOf(alice.recall(sent))).toBe(10041);
  expect(await codeOf(alice.recall(sent))).toBe(10041);
  server.switches.refuse.set('group_open_http_svc.group_msg_recall', { code: 12345, times: 2 });
  expect(await codeOf(alice.recall(sent))).toBe(12345);
  expect(await codeOf(alice.recall(sent))).toBe(12345);
  await alice.recall(sent);
  expect(server.message(sent).isRecalled).toBe(true);
});

test('a login can be refused with any code', async () => {
  const server = await openServer();
  server.switches.refuse.set('im_open_status.wslogin', { code: 70050, times: 1 });
  const alice = await enter(server, 'alice', { logsIn: false });
  expect(await codeOf(alice.logIn())).toBe(70050);
  await alice.logIn();
});

test('a rate limit refuses what is too much, per user, until it is lifted', async () => {
  const server = await openServer();
  const [alice, bob] = await enterAll(server, 'alice', 'bob');
  server.switches.rateLimit = { count: 2, seconds: 3600 };
  await alice.sendText('GROUPteam', 'one');
  const second = await alice.sendText('GROUPteam', 'two');
  expect(await codeOf(alice.sendText('GROUPteam', 'three'))).toBe(10023);
  expect(await codeOf(alice.sendText('C2Cbob', 'three'))).toBe(60007);
  expect(await codeOf(alice.recall(second))).toBe(10023);
  await bob.sendText('GROUPteam', 'I have a limit of my own');
  server.switches.rateLimit = { count: 2, seconds: 3600, code: 20004, commands: [] };
  await alice.recall(second);
  server.switches.rateLimit = { count: 0, seconds: 1, code: 20004 };
  expect(await codeOf(alice.sendText('C2Cbob', 'four'))).toBe(20004);
  server.switches.rateLimit = null;
  await alice.sendText('C2Cbob', 'five');
});

test('everything sent to clients can be delayed, in order', async () => {
  const server = await openServer();
  const [alice, bob] = await enterAll(server, 'alice', 'bob');
  server.switches.delayMs = 300;
  const start = performance.now();
  const sent = await alice.sendText('C2Cbob', 'slowly');
  expect(performance.now() - start).toBeGreaterThanOrEqual(295);
  await alice.recall(sent);
  expect(performance.now() - start).toBeGreaterThanOrEqual(590);
  await arrival(bob, 'slowly');
  expect(await revocation(bob, sent.ID)).toMatchObject({ isRevoked: true });
});

test('the answers to one command can be delayed', async () => {
  const server = await openServer();
  const [alice, bob] = await enterAll(server, 'alice', 'bob');
  const sent = await alice.sendText('C2Cbob', 'oops');
  await arrival(bob, 'oops');
  server.switches.delayAnswerMs.set('openim.msgwithdraw', 400);
  const start = performance.now();
  const recalling = alice.recall(sent);
  await revocation(bob, sent.ID);
  expect(sent.isRevoked).toBe(false);
  await recalling;
  expect(performance.now() - start).toBeGreaterThanOrEqual(395);
});

test('a command can be held up before it is carried out', async () => {
  const server = await openServer();
  const alice = await enter(server, 'alice');
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.switches.held.set('openim.sendmsg', promise);
  const sending = alice.sendText('C2Cbob', 'on its way');
  const isAsked = (): boolean =>
    server.requests.some(({ servcmd, code }) => servcmd === 'openim.sendmsg' && code === null);
  await server.waitFor(isAsked);
  expect(server.messages(['alice', 'bob'])).toEqual([]);
  resolve(undefined);
  const sent = await sending;
  expect(server.message(sent).text).toBe('on its way');
});

test('a command can be ignored altogether', async () => {
  const server = await openServer();
  const alice = await enter(server, 'alice');
  const sent = await alice.sendText('C2Cbob', 'oops');
  server.switches.silent.set('openim.msgwithdraw', 'ignored');
  const recalling = alice.recall(sent);
  await server.waitFor(() =>
    server.requests.some(({ servcmd, code }) => servcmd === 'openim.msgwithdraw' && code === null),
  );
  expect(server.message(sent).isRecalled).toBe(false);
  server.switches.silent.clear();
  server.dropConnections('alice');
  expect((await recalling).isRevoked).toBe(true);
});

test('new connections can be refused while the others stay', async () => {
  const server = await openServer();
  const alice = await enter(server, 'alice');
  server.switches.refuseConnections = true;
  const bob = await enter(server, 'bob', { logsIn: false });
  const login = bob.logIn();
  await alice.sendText('C2Cbob', 'still connected');
  expect(server.onlineCount('bob')).toBe(0);
  login.catch(() => undefined);
});

test('frames can be compressed', async () => {
  const server = await openServer();
  server.switches.compress = true;
  const [alice, bob] = await enterAll(server, 'alice', 'bob');
  const text = 'the same again and again '.repeat(200);
  const sent = await alice.sendText('C2Cbob', text);
  await arrival(bob, text);
  await alice.recall(sent);
  await revocation(bob, sent.ID);
});

test('an announced overload makes the SDK refuse the command itself', async () => {
  const server = await openServer();
  const alice = await enter(server, 'alice');
  server.announceOverload('alice', 'openim.sendmsg', 5);
  await alice.poke();
  expect(await codeOf(alice.sendText('C2Cbob', 'too busy'))).toBe(60022);
  expect(server.messages(['alice', 'bob'])).toEqual([]);
});
