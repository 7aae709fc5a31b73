import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChatLink, Credentials } from '../../src/chat/link.ts';
import { openOwnLink, type OwnLink } from '../../src/chat/tencent/own-link.ts';
import { startPeer, type Peer } from '../chat-server/peer.ts';
import type { ChatServer } from '../chat-server/server.ts';
import { Ears } from './ears.ts';
import { proveChatLink, targetOf } from './link.contract.ts';
import { openTown, type Town } from './town.ts';
import { catchUncaught, forgiveSdk } from './uncaught.ts';

let restore: () => void;
beforeAll(() => {
  restore = forgiveSdk();
});
afterAll(() => {
  restore();
});

proveChatLink('the own link', async () => {
  const town = await openTown({ maxWebInstances: 2 });
  return {
    server: town.server,
    account: `${town.server.sdkAppId}:alice`,
    makeLink: () => openOwnLink(town.credentials()),
    setOnline: (isOnline) => {
      town.relay.setOnline(isOnline);
    },
    end: () => town.end(),
  };
});

describe('the own link', () => {
  let town: Town;
  let server: ChatServer;
  const links: ChatLink[] = [];
  const peers: Peer[] = [];

  const make = (changes: Partial<Credentials> = {}): { link: OwnLink; ears: Ears } => {
    const link = openOwnLink({ ...town.credentials(), ...changes });
    links.push(link);
    return { link, ears: new Ears(link) };
  };
  const connect = async (
    changes: Partial<Credentials> = {},
  ): Promise<{ link: OwnLink; ears: Ears }> => {
    const made = make(changes);
    made.link.open();
    await made.link.ready(10_000);
    return made;
  };
  const signIns = (): number =>
    server.requests.filter(({ servcmd }) => servcmd === 'im_open_status.wslogin').length;

  beforeEach(async () => {
    town = await openTown();
    server = town.server;
  });

  afterEach(async () => {
    for (const link of links.splice(0)) await link.close();
    for (const peer of peers.splice(0)) peer.kill();
    await town.end();
  });

  describe('signing in', () => {
    test.each([
      ['a broken signature', 70003, () => ({ userSig: 'eJwbroken' })],
      ['a signature by another key', 70009, () => ({ userSig: town.foreignSignature('alice') })],
      ['somebody else’s signature', 70013, () => ({ userSig: server.userSig('bob') })],
      ['a user nobody knows', 70107, () => ({ userId: 'eve', userSig: server.userSig('eve') })],
    ])('%s is refused with its code, and not tried again', async (_, code, changes) => {
      const { link, ears } = make(changes());
      link.open();
      await expect(link.ready(10_000)).rejects.toMatchObject({ code });
      expect(link.state).toEqual({ name: 'refused', code });
      link.poke();
      expect(await link.recall(targetOf('C2Cbob', nobody))).toEqual({
        ok: false,
        why: 'signed-out',
        code,
      });
      expect(ears.states).toEqual(['connecting', 'refused']);
      expect(signIns()).toBe(1);
    });

    test.each([
      ['a server’s address', { server: 'no address' }],
      ['an app', { sdkAppId: Number.NaN }],
    ])('what is not %s is refused', async (_, changes) => {
      const { link, ears } = make(changes);
      link.open();
      await ears.state('refused');
      const { link: other } = await connect();
      expect(other.state).toEqual({ name: 'connected' });
    });

    test('an expired signature is called expired', async () => {
      const { link, ears } = make({ userSig: server.userSig('alice', -1) });
      link.open();
      await ears.state('signature-expired');
      expect(await link.recall(targetOf('C2Cbob', nobody))).toEqual({
        ok: false,
        why: 'signature-expired',
      });
    });

    test('a service that is busy is asked again', async () => {
      server.switches.refuse.set('im_open_status.wslogin', { code: 60008, times: 1 });
      const { ears } = await connect();
      expect(ears.states).toEqual(['connecting', 'connected']);
    });

    test('without a network it goes on by itself as soon as there is one', async () => {
      town.relay.setOnline(false);
      const { link, ears } = make();
      link.open();
      await vi.waitFor(() => {
        expect(town.relay.refused).toBeGreaterThan(0);
      });
      await ears.state('reconnecting');
      town.relay.setOnline(true);
      await ears.state('connected', 4_000);
    });

    test('a poke tries at once', async () => {
      town.relay.setOnline(false);
      const { link, ears } = make();
      link.open();
      await vi.waitFor(() => {
        expect(town.relay.refused).toBeGreaterThan(1);
      });
      town.relay.setOnline(true);
      link.poke();
      // By itself it would try again after some four seconds.
      await ears.state('connected', 2_500);
    });

    test('closing while it tries ends it', async () => {
      town.relay.setOnline(false);
      const { link, ears } = make();
      link.open();
      await vi.waitFor(() => {
        expect(town.relay.refused).toBeGreaterThan(0);
      });
      await link.close();
      town.relay.setOnline(true);
      expect(ears.states.at(-1)).toBe('signed-out');
      const told = ears.states.length;
      const other = await connect({ userId: 'bob', userSig: server.userSig('bob') });
      expect(other.link.state).toEqual({ name: 'connected' });
      expect(ears.states).toHaveLength(told);
    });
  });

  describe('beside other sign-ins', () => {
    test('kicked out, it stops, does not fight, and comes back when it is opened', async () => {
      const { link, ears } = await connect();
      const page = await startPeer(server, 'alice');
      peers.push(page);
      await ears.state('signed-in-elsewhere');
      link.poke();
      server.post({ from: 'bob', to: 'C2Calice', text: 'for the page' });
      await page.seen('onMessageReceived');
      expect(ears.messages).toEqual([]);
      expect(page.events.map(({ name }) => name)).not.toContain('kickedOut');
      expect(await link.recall(targetOf('C2Cbob', nobody))).toEqual({
        ok: false,
        why: 'signed-in-elsewhere',
      });
      await expect(link.ready(1_000)).rejects.toMatchObject({ code: 3003 });

      const kicked = page.next('kickedOut');
      link.open();
      await ears.state('connected');
      await kicked;
      server.post({ from: 'bob', to: 'C2Calice', text: 'for the link' });
      await ears.message('for the link');
    });

    test('thrown out by an administrator, it stops', async () => {
      const { ears } = await connect();
      server.kick('alice');
      await ears.state('signed-in-elsewhere');
    });

    test('kicked out while the network was gone, it stops when it is back', async () => {
      const { link, ears } = await connect();
      town.relay.setOnline(false);
      await ears.state('reconnecting');
      const page = await startPeer(server, 'alice');
      peers.push(page);
      town.relay.setOnline(true);
      link.poke();
      await ears.state('signed-in-elsewhere');
      expect(page.events.map(({ name }) => name)).not.toContain('kickedOut');
    });

    test('another user of the same app signs in after it in the same realm', async () => {
      const alice = await connect();
      await alice.link.close();
      const bob = await connect({ userId: 'bob', userSig: server.userSig('bob') });
      server.post({ from: 'carol', to: 'C2Cbob', text: 'for bob' });
      const message = await bob.ears.message('for bob');
      expect(message.conversation).toBe('C2Ccarol');
      expect(alice.ears.messages).toEqual([]);
      expect(server.onlineCount('alice')).toBe(0);
    });

    test('the same app on another server is another world', async () => {
      const here = await connect();
      await here.link.close();
      const elsewhere = await openTown({ sdkAppId: server.sdkAppId });
      const there = await connect(elsewhere.credentials());
      elsewhere.server.post({ from: 'bob', to: 'C2Calice', text: 'elsewhere' });
      await there.ears.message('elsewhere');
      await there.link.close();
      await elsewhere.end();
    });

    test('of two links to one app the second waits for the first', async () => {
      const alice = await connect();
      const bob = make({ userId: 'bob', userSig: server.userSig('bob') });
      bob.link.open();
      expect(bob.link.state).toEqual({ name: 'connecting' });
      server.post({ from: 'carol', to: 'C2Calice', text: 'for alice' });
      await alice.ears.message('for alice');
      expect(server.onlineCount('bob')).toBe(0);
      await alice.link.close();
      await bob.ears.state('connected');
    });
  });

  describe('when things break', () => {
    test('a restart of the server is healed', async () => {
      const { ears } = await connect();
      await server.stop();
      await ears.state('reconnecting');
      await server.start();
      await ears.state('connected', 5_000);
      server.post({ from: 'bob', to: 'C2Calice', text: 'back again' });
      await ears.message('back again');
    });

    test('an expired ticket is renewed with the signature', async () => {
      const { link, ears } = await connect();
      server.expireTickets('alice');
      await link.since('C2Cbob', 0, 1).catch(() => undefined);
      await ears.until('the way back', () => ears.states.at(-1) === 'connected' || undefined);
      expect(ears.states).toEqual(['connecting', 'connected', 'reconnecting', 'connected']);
      server.post({ from: 'bob', to: 'C2Calice', text: 'back again' });
      await ears.message('back again');
    });

    test('a signature that expires in the middle is called expired', async () => {
      const { link, ears } = await connect();
      server.switches.clockOffsetSeconds += 8 * 24 * 3_600;
      const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'oops' });
      const outcome = await link.recall(targetOf('C2Cbob', sent));
      expect(outcome).toMatchObject({ ok: false, why: 'waiting' });
      await ears.state('signature-expired');
    });

    test('a ticket that is no good any more is renewed', async () => {
      const { ears } = await connect();
      server.switches.refuse.set('openim.getroammsg', 70052);
      server.dropConnections('alice');
      await ears.state('reconnecting');
      await ears.state('connected');
      server.post({ from: 'bob', to: 'C2Calice', text: 'back again' });
      await ears.message('back again');
      expect(signIns()).toBeGreaterThan(2);
    });

    test('a refused heartbeat does not end it', async () => {
      const { ears } = await connect();
      server.switches.refuse.set('heartbeat.alive', { code: 60002, times: 1 });
      server.dropConnections('alice');
      await ears.state('reconnecting');
      await ears.state('connected', 5_000);
      server.post({ from: 'bob', to: 'C2Calice', text: 'back again' });
      await ears.message('back again');
      const told = ears.states.length;
      server.dropConnections('alice');
      await ears.until('both states', () => ears.states.length === told + 2 || undefined, 5_000);
      expect(ears.states.slice(told)).toEqual(['reconnecting', 'connected']);
    });

    test('a network that comes and goes is endured', async () => {
      const { ears } = await connect();
      town.relay.flap();
      await ears.state('reconnecting');
      const before = town.relay.connections;
      await vi.waitFor(
        () => {
          expect(town.relay.connections).toBeGreaterThan(before + 3);
        },
        { timeout: 10_000 },
      );
      expect(ears.states.at(-1)).toBe('reconnecting');
      town.relay.setOnline(true);
      await ears.state('connected', 5_000);
    });

    test('an answer that was lost with the connection is fetched, and nothing is done twice', async () => {
      const { link, ears } = await connect();
      server.switches.silent.set('openim.msgwithdraw', 'done');
      const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'oops' });
      const outcome = link.recall(targetOf('C2Cbob', sent));
      await server.waitFor(() => server.message(sent.id).isRecalled);
      server.switches.silent.clear();
      server.dropConnections('alice');
      expect(await outcome).toMatchObject({ ok: true });
      expect(ears.states).toContain('reconnecting');
    });

    test('an answer that comes twice counts once, whatever the second one says', async () => {
      const { link, ears } = await connect();
      const [first, second] = ['oops', 'keep me'].map((text) =>
        server.post({ from: 'alice', to: 'C2Cbob', text }),
      );
      if (!first || !second) throw new Error('There is no message');
      expect(await link.recall(targetOf('C2Cbob', first))).toMatchObject({ ok: true });
      const asked = server.requests.find(({ servcmd }) => servcmd === 'openim.msgwithdraw');
      const head = { servcmd: 'openim.msgwithdraw', seq: asked?.seq };
      town.relay.slipIn({ head, body: { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' } });
      town.relay.slipIn({ head, body: { ActionStatus: 'FAIL', ErrorCode: 20016, ErrorInfo: '' } });
      server.post({ from: 'bob', to: 'C2Calice', text: 'after it' });
      await ears.message('after it');
      expect(ears.recalls.filter(({ witness }) => witness === 'request')).toHaveLength(1);
      expect(link.state).toEqual({ name: 'connected' });
      expect(server.message(second).isRecalled).toBe(false);
      expect(await link.recall(targetOf('C2Cbob', second))).toMatchObject({ ok: true });
    });

    test('a notice that comes twice tells nothing new the second time', async () => {
      const { ears } = await connect();
      const sent = server.post({ from: 'bob', to: 'C2Calice', text: 'a slip' });
      await ears.message('a slip');
      server.recall(sent);
      const once = await ears.recall(sent);
      const stored = server.message(sent);
      town.relay.slipIn({
        head: { servcmd: 'im_open_push.msg_push', seq: 1 },
        body: {
          EventArray: [
            {
              Event: 10,
              C2cNotifyMsgArray: [
                {
                  WithdrawC2cMsgNotify: {
                    C2cWithdrawInfoArray: [
                      {
                        ...{ From_Account: 'bob', To_Account: 'alice', MsgSeq: sent.sequence },
                        ...{ MsgRand: sent.random, MsgTime: sent.time, MsgClientTime: sent.time },
                        ...{ TinyId: stored.id.split('-')[0] },
                        RevokerInfo: { Revoker_Account: 'bob', Reason: '' },
                      },
                    ],
                  },
                },
              ],
            },
          ],
          NeedAck: 0,
          Flag: 0,
        },
      });
      server.post({ from: 'bob', to: 'C2Calice', text: 'after it' });
      await ears.message('after it');
      const same = ears.recalls.filter(({ id }) => id === sent.id);
      for (const recall of same) expect({ ...recall, at: 0 }).toEqual({ ...once, at: 0 });
    });

    test('closing in the middle of a recall leaves it open', async () => {
      const { link } = await connect();
      server.switches.silent.set('openim.msgwithdraw', 'ignored');
      const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'oops' });
      const outcome = link.recall(targetOf('C2Cbob', sent));
      await server.waitFor(() =>
        server.requests.some(({ servcmd }) => servcmd === 'openim.msgwithdraw'),
      );
      await link.close();
      expect(await outcome).toMatchObject({ ok: false, why: 'waiting' });
    });

    test('an overloaded service is told as too many', async () => {
      const { link, ears } = await connect();
      server.announceOverload('alice', 'openim.msgwithdraw', 30);
      server.post({ from: 'bob', to: 'C2Calice', text: 'after it' });
      await ears.message('after it');
      const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'oops' });
      expect(await link.recall(targetOf('C2Cbob', sent))).toEqual({
        ok: false,
        why: 'too-many',
        code: 60022,
      });
    });
  });

  describe('the server time', () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    test.each([3_600_000, -3_600_000])(
      'does not move when this computer’s clock is set by %i ms',
      async (step) => {
        const { link, ears } = await connect();
        const before = link.serverTime() ?? 0;
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + step });
        // The server runs in this process and must not notice.
        server.switches.clockOffsetSeconds -= step / 1_000;
        expect(Math.abs((link.serverTime() ?? 0) - before)).toBeLessThan(1_000);

        // The SDK's own timers go by that clock: a new session puts them right.
        link.poke();
        expect(link.state).toEqual({ name: 'reconnecting' });
        await ears.state('connected');
        expect(Math.abs((link.serverTime() ?? 0) - before)).toBeLessThan(2_500);
        link.poke();
        expect(link.state).toEqual({ name: 'connected' });
      },
    );
  });

  describe('roles', () => {
    const push = (event: object): object => ({
      head: { servcmd: 'im_open_push.msg_push', seq: 1 },
      body: { EventArray: [event], NeedAck: 0, Flag: 0 },
    });
    const roleOf = (ears: Ears): string | undefined =>
      ears.events
        .flatMap((event) => (event.kind === 'conversations' ? event.conversations : []))
        .findLast(({ id }) => id === 'GROUPclub')?.role;
    const GroupInfo = { GroupId: 'club', GroupName: 'Club', GroupType: 'Public' };

    test.each([
      [
        'a tip',
        {
          Event: 4,
          GroupTips: [
            {
              From_Account: 'bob',
              GroupId: 'club',
              ToGroupId: 'club',
              MsgSeq: 2,
              MsgRandom: 5,
              MsgTimeStamp: 1_795_000_000,
              MsgClientTime: 1_795_000_000,
              TinyId: '1',
              GroupInfo,
              MsgBody: { OpType: 4, Operator_Account: 'bob', List_Account: ['alice'] },
            },
          ],
        },
      ],
      [
        'a notice',
        {
          Event: 5,
          GroupTips: [
            {
              From_Account: '@TIM#SYSTEM',
              To_Account: 'alice',
              GroupId: 'club',
              ToGroupId: 'club',
              MsgSeq: 2,
              MsgRandom: 5,
              MsgTimeStamp: 1_795_000_000,
              GroupInfo: { ...GroupInfo, To_Account: 'alice' },
              MsgBody: { ReportType: 9, Operator_Account: 'bob', GroupId: 'club' },
            },
          ],
        },
      ],
    ])('change with %s that I am an admin now', async (_, event) => {
      const club = { id: 'club', name: 'Club', owner: 'bob', members: ['alice'] };
      server.addGroup(club);
      server.seed([{ from: 'bob', to: 'GROUPclub', text: 'welcome' }]);
      const { link, ears } = await connect();
      await link.conversations();
      server.addGroup({ ...club, admins: ['alice'] });
      town.relay.slipIn(push(event));
      await ears.until('the role', () => roleOf(ears) === 'admin' || undefined);
      expect(ears.messages).toEqual([]);
    });
  });

  test('malformed frames neither end it nor get through', async () => {
    const errors: unknown[] = [];
    const giveBack = catchUncaught(errors);
    const { link, ears } = await connect();
    const head = { servcmd: 'im_open_push.msg_push', seq: 1 };
    const message = {
      From_Account: 'bob',
      To_Account: 'alice',
      MsgSeq: 5,
      MsgRandom: 6,
      MsgTimeStamp: 1_795_000_000,
      MsgClientTime: 1_795_000_000,
      TinyId: '144',
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'bad' } }],
    };
    const bad: unknown[] = [
      'not JSON',
      '{"head":',
      '[]',
      { head },
      { head, body: null },
      { head, body: { EventArray: [{ Event: 9, C2cMsgArray: [{}] }] } },
      { head, body: { EventArray: [{ Event: 9, C2cMsgArray: [{ ...message, MsgBody: null }] }] } },
      { head, body: { EventArray: [{ Event: 3, GroupMsgArray: [{ MsgBody: [] }] }] } },
      { head, body: { EventArray: [{ constructor: 1, C2cMsgArray: 5 }] } },
      '{"head":{"servcmd":"im_open_push.msg_push","seq":1},"body":{"__proto__":{"x":1},"EventArray":[{"Event":9,"C2cMsgArray":[{"__proto__":{"y":1}}]}]}}',
      `{"head":{"servcmd":"x","seq":1},"body":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      { head, body: { EventArray: [{ Event: 9, C2cMsgArray: [{ ...message, MsgSeq: 'five' }] }] } },
      { head, body: { EventArray: [{ Event: 9, C2cMsgArray: [{ ...message, MsgRandom: -1 }] }] } },
      {
        head,
        body: {
          EventArray: [
            {
              Event: 10,
              C2cNotifyMsgArray: [
                { WithdrawC2cMsgNotify: { C2cWithdrawInfoArray: [{ From_Account: 'bob' }] } },
              ],
            },
          ],
        },
      },
    ];
    for (const frame of bad) town.relay.slipIn(frame);
    server.post({ from: 'bob', to: 'C2Calice', text: 'good' });
    await ears.message('good');
    giveBack();
    expect(ears.messages.map(({ body }) => body.text)).toEqual(['good']);
    expect(ears.recalls).toEqual([]);
    expect(link.malformed).toBeGreaterThan(1);
    expect(link.state).toEqual({ name: 'connected' });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test('nothing is ever printed', async () => {
    const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'table'] as const;
    const spies = methods.map((method) => vi.spyOn(console, method));
    const { link, ears } = await connect();
    const sent = server.post({ from: 'alice', to: 'GROUPteam', text: 'unspeakable' });
    await ears.message('unspeakable');
    await link.conversations();
    await link.recall(targetOf('GROUPteam', sent));
    await link.recall(targetOf('GROUPteam', nobody));
    await link.since('GROUPteam', 0, 10);
    server.dropConnections('alice');
    await ears.state('reconnecting');
    await ears.state('connected');
    server.kick('alice');
    await ears.state('signed-in-elsewhere');
    const refused = make({ userSig: 'eJwbroken' });
    refused.link.open();
    await refused.ears.state('refused');
    const printed = spies.flatMap((spy) => spy.mock.calls);
    for (const spy of spies) spy.mockRestore();
    expect(printed).toEqual([]);
  });
});

const nobody = { id: '1-1-1', from: 'alice', sequence: 999, random: 1, time: 1_700_000_000 };
