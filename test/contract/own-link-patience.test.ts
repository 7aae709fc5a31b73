import { afterAll, beforeAll, describe, test, type TestContext } from 'vitest';
import type { ChatLink } from '../../src/chat/link.ts';
import { openOwnLink } from '../../src/chat/tencent/own-link.ts';
import { Ears } from './ears.ts';
import { targetOf } from './link.contract.ts';
import { openTown, type Town } from './town.ts';
import { forgiveSdk } from './uncaught.ts';

let restore: () => void;
beforeAll(() => {
  restore = forgiveSdk();
});
afterAll(() => {
  restore();
});

/** A connected link in a town of its own, gone after the test. */
async function settle(
  onTestFinished: TestContext['onTestFinished'],
): Promise<{ town: Town; link: ChatLink; ears: Ears }> {
  const town = await openTown();
  const link = openOwnLink(town.credentials());
  const ears = new Ears(link);
  onTestFinished(async () => {
    await link.close();
    await town.end();
  });
  link.open();
  await link.ready(10_000);
  return { town, link, ears };
}

// All of it takes the SDK 10 to 15 seconds, so all of it runs at once, every link in an app of its own.
describe.concurrent('the own link, with a service that says nothing,', { timeout: 60_000 }, () => {
  test('a recall without an answer waits, and asked again it was done before', async ({
    expect,
    onTestFinished,
  }) => {
    const { town, link } = await settle(onTestFinished);
    const { server } = town;
    server.switches.silent.set('openim.msgwithdraw', 'done');
    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'oops' });
    const target = targetOf('C2Cbob', sent);
    expect(await link.recall(target)).toEqual({ ok: false, why: 'waiting', code: 2801 });
    expect(link.state).toEqual({ name: 'connected' });
    server.switches.silent.clear();
    expect(await link.recall(target)).toEqual({ ok: false, why: 'already-recalled', code: 20023 });
  });

  test('an answer that comes when nobody waits for it any more changes nothing', async ({
    expect,
    onTestFinished,
  }) => {
    const { town, link, ears } = await settle(onTestFinished);
    const { server } = town;
    server.switches.silent.set('openim.msgwithdraw', 'done');
    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'oops' });
    const target = targetOf('C2Cbob', sent);
    expect(await link.recall(target)).toEqual({ ok: false, why: 'waiting', code: 2801 });
    // It was done all the same, and the service's history says so.
    const { recalls } = await link.since('C2Cbob', 0, 10);
    expect(recalls.map(({ id }) => id)).toEqual([sent.id]);
    const asked = server.requests.find(({ servcmd }) => servcmd === 'openim.msgwithdraw');
    const head = { servcmd: 'openim.msgwithdraw', seq: asked?.seq };
    town.relay.slipIn({ head, body: { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' } });
    server.post({ from: 'bob', to: 'C2Calice', text: 'after it' });
    await ears.message('after it');
    expect(ears.recalls.filter(({ witness }) => witness === 'request')).toEqual([]);
    expect(link.state).toEqual({ name: 'connected' });
  });

  test('a frozen server is noticed, and its thawing as well', async ({ onTestFinished }) => {
    const { town, ears } = await settle(onTestFinished);
    town.server.switches.isFrozen = true;
    await ears.state('reconnecting', 20_000);
    town.server.switches.isFrozen = false;
    await ears.state('connected', 10_000);
    town.server.post({ from: 'bob', to: 'C2Calice', text: 'thawed' });
    await ears.message('thawed');
  });

  test('a second sign-in that was refused is made up for', async ({ onTestFinished }) => {
    const { town, link, ears } = await settle(onTestFinished);
    await link.conversations();
    town.server.switches.refuse.set('im_open_status.wslogin', { code: 60008, times: 1 });
    town.server.dropConnections('alice');
    await ears.state('reconnecting');
    await ears.state('connected');
    await town.server.waitFor(() => town.server.onlineCount('alice') === 1, { timeoutMs: 20_000 });
    await ears.state('connected');
    town.server.post({ from: 'bob', to: 'C2Calice', text: 'back again' });
    await ears.message('back again');
  });

  test('signing out without a network is quick, and signing in again works', async ({
    expect,
    onTestFinished,
  }) => {
    const { town, link, ears } = await settle(onTestFinished);
    town.relay.setOnline(false);
    await ears.state('reconnecting');
    const start = performance.now();
    await link.close();
    expect(performance.now() - start).toBeLessThan(5_000);
    town.relay.setOnline(true);
    link.open();
    await ears.state('connected', 25_000);
  });
});
