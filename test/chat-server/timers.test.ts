import { describe, test } from 'vitest';
import { arrival, codeOf, enter, openServer } from './town.ts';

/** What takes the SDK's own long timers to happen; all at once, so that it is waited for once. */
describe.concurrent('in the long run', () => {
  test('the client sends heartbeats and hellos, and they are answered', async ({
    expect,
    onTestFinished,
  }) => {
    const server = await openServer({}, onTestFinished);
    // Longer than the 10 idle seconds after which the SDK sends a heartbeat.
    server.switches.helloIntervalSeconds = 13;
    const alice = await enter(server, 'alice', {}, onTestFinished);
    const answered = (servcmd: string) =>
      server.requests.filter((each) => each.servcmd === servcmd && each.code === 0).length;
    const before = answered('heartbeat.alive');
    await server.waitFor(() => answered('heartbeat.alive') > before, { timeoutMs: 20_000 });
    await server.waitFor(() => answered('im_open_status.wshello') > 0, { timeoutMs: 20_000 });
    expect(server.onlineCount('alice')).toBe(1);
    expect(alice.events.filter(({ name }) => name === 'netStateChange')).toEqual([]);
  });

  test('a recall whose answer is lost for good ends with 2801 although it happened', async ({
    expect,
    onTestFinished,
  }) => {
    const server = await openServer({}, onTestFinished);
    const alice = await enter(server, 'alice', {}, onTestFinished);
    const sent = await alice.sendText('C2Cbob', 'oops');
    server.switches.silent.set('openim.msgwithdraw', 'done');
    expect(await codeOf(alice.recall(sent))).toBe(2801);
    expect(server.message(sent).isRecalled).toBe(true);
  });

  test('a frozen server makes the client reconnect until it thaws', async ({ onTestFinished }) => {
    const server = await openServer({}, onTestFinished);
    const alice = await enter(server, 'alice', {}, onTestFinished);
    server.switches.isFrozen = true;
    const sending = alice.sendText('C2Cbob', 'through the ice');
    await alice.seen<{ state: string }>(
      'netStateChange',
      ({ state }) => state !== 'connected',
      20_000,
    );
    server.switches.isFrozen = false;
    await sending;
    const bob = await enter(server, 'bob', {}, onTestFinished);
    server.post({ from: 'alice', to: 'C2Cbob', text: 'warm again' });
    await arrival(bob, 'warm again');
  });
});
