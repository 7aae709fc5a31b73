import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RawClient, type RawFrame } from './raw-client.ts';
import { openServer } from './town.ts';

/** What `openim.getmsg` gives, seen without the SDK, which forgives repetitions. */

function textsOf({ body }: RawFrame): string[] {
  const list = body.MsgList as { MsgBody: { MsgContent: { Text: string } }[] }[];
  return list.map(({ MsgBody }) => MsgBody[0]?.MsgContent.Text ?? '');
}

/** The pushes a client got that carry C2C messages. */
function pushesTo(client: RawClient): RawFrame[] {
  return client.frames.filter(({ body }) =>
    ((body.EventArray ?? []) as object[]).some((event) => 'C2cMsgArray' in event),
  );
}

/** Acknowledges a push as the SDK does. */
function acknowledge(client: RawClient, push: RawFrame | undefined): void {
  const { SessionData } = push?.body ?? {};
  // One-way: the next answer proves that it was read.
  client.ask('openim.ws_msg_push_ack', { SessionData }).catch(() => undefined);
}

const post = { from: 'alice', to: 'C2Cbob' } as const;

test('what was acknowledged is not given again, what was lost before it is', async () => {
  const server = await openServer();
  const bob = await RawClient.open(server);
  await bob.logIn(server, 'bob');
  const cookie = (await bob.ask('openim.getmsg', { Cookie: '' })).body.Cookie;
  server.switches.loseMessages = true;
  server.post({ ...post, text: 'lost' });
  server.switches.loseMessages = false;
  server.post({ ...post, text: 'seen' });
  server.post({ ...post, text: 'not acknowledged' });
  await bob.ask('heartbeat.alive', {});
  const [seen] = pushesTo(bob);
  acknowledge(bob, seen);
  const caughtUp = await bob.ask('openim.getmsg', { Cookie: cookie });
  expect(textsOf(caughtUp)).toEqual(['lost', 'not acknowledged']);
  const again = await bob.ask('openim.getmsg', { Cookie: caughtUp.body.Cookie });
  expect(textsOf(again)).toEqual([]);
});

test('an acknowledgement in the name of another instance counts for nothing', async () => {
  const server = await openServer({ maxWebInstances: 2 });
  const [bob, other] = [await RawClient.open(server), await RawClient.open(server)];
  await bob.logIn(server, 'bob');
  await other.logIn(server, 'bob');
  const cookie = (await bob.ask('openim.getmsg', { Cookie: '' })).body.Cookie;
  server.post({ ...post, text: 'for both' });
  await bob.ask('heartbeat.alive', {});
  acknowledge(other, pushesTo(bob)[0]);
  await other.ask('heartbeat.alive', {});
  expect(textsOf(await bob.ask('openim.getmsg', { Cookie: cookie }))).toEqual(['for both']);
});

test('the sending instance gets its own message neither pushed nor in the next sync', async () => {
  const server = await openServer({ maxWebInstances: 2 });
  const [here, there] = [await RawClient.open(server), await RawClient.open(server)];
  await here.logIn(server, 'alice');
  await there.logIn(server, 'alice');
  const cookie = (await here.ask('openim.getmsg', { Cookie: '' })).body.Cookie;
  await here.ask('openim.sendmsg', {
    To_Account: 'bob',
    MsgSeq: 1,
    MsgRandom: 2,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'mine' } }],
  });
  await there.ask('heartbeat.alive', {});
  await here.ask('heartbeat.alive', {});
  expect(pushesTo(here)).toEqual([]);
  expect(pushesTo(there)).toHaveLength(1);
  expect(textsOf(await here.ask('openim.getmsg', { Cookie: cookie }))).toEqual([]);
});

test('another server with the same data file does not give again what was acknowledged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'chat-server-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const dataFile = join(folder, 'data.json');
  const server = await openServer({ dataFile });
  const before = await RawClient.open(server);
  await before.logIn(server, 'bob');
  const cookie = (await before.ask('openim.getmsg', { Cookie: '' })).body.Cookie;
  server.post({ ...post, text: 'seen before' });
  await before.ask('heartbeat.alive', {});
  acknowledge(before, pushesTo(before)[0]);
  await before.ask('heartbeat.alive', {});
  await server.stop();
  const successor = await openServer({ dataFile });
  const after = await RawClient.open(successor);
  after.borrow(before);
  await after.ask('im_open_status.wslogin', {});
  successor.post({ ...post, text: 'new' });
  expect(textsOf(await after.ask('openim.getmsg', { Cookie: cookie }))).toEqual(['new']);
});
