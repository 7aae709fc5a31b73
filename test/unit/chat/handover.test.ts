import { describe, expect, it } from 'vitest';
import { HandoverLink } from '../../../src/chat/handover.ts';
import type { LinkEvent } from '../../../src/chat/link.ts';
import { ScriptedLink } from '../background/scripted-link.ts';
import { Service } from '../background/service.ts';
import { message } from '../history/fixtures.ts';

const credentials = { sdkAppId: 1_400_000_001, userId: 'alice', userSig: 'x' };

function open() {
  const service = new Service();
  service.opens = { name: 'page-closed' };
  const page = new ScriptedLink(credentials, service);
  const link = new HandoverLink(page);
  const told: LinkEvent[] = [];
  link.hear((event) => told.push(event));
  const states = (): string[] =>
    told.flatMap((event) => (event.kind === 'state' ? [event.state.name] : []));
  const makeStandIn = (other = new Service()): ScriptedLink => new ScriptedLink(credentials, other);
  return { link, page, service, told, states, makeStandIn };
}

const turn = (): Promise<void> => Promise.resolve();

describe('a link handed over', () => {
  it('is the page’s as long as there is one', async () => {
    const { link, page, told } = open();
    link.open();
    await turn();
    page.become({ name: 'connected' });
    expect(link.state).toEqual({ name: 'connected' });
    page.tell({ kind: 'messages', messages: [message('m1')] });
    expect(told.at(-1)).toMatchObject({ kind: 'messages' });
  });

  it('takes no stand-in while a page is there, or before it is opened', async () => {
    const { link, page, makeStandIn } = open();
    const early = makeStandIn();
    link.standIn(early);
    link.open();
    await turn();
    page.become({ name: 'connected' });
    const second = makeStandIn();
    link.standIn(second);
    expect([early.opened, second.opened, link.isAlone]).toEqual([0, 0, false]);
  });

  it('reads on where the other stopped', async () => {
    const { link, page, service, makeStandIn } = open();
    for (let i = 0; i < 4; i += 1) service.send(`m${i}`, { time: 1_000 + i });
    link.open();
    await turn();
    page.become({ name: 'connected' });
    const { edge } = await link.since('C2Cbob', 0, 2);
    page.become({ name: 'page-closed' });
    link.standIn(makeStandIn(service));
    const { messages, isComplete } = await link.since('C2Cbob', 0, 9, edge);
    expect(messages.map(({ id }) => id)).toEqual(['m2', 'm1', 'm0']);
    expect(isComplete).toBe(true);
  });

  it('is the stand-in’s between pages, and the page’s again as soon as it yields', async () => {
    const { link, page, states, makeStandIn, told } = open();
    link.open();
    await turn();
    const standIn = makeStandIn();
    link.standIn(standIn);
    await turn();
    expect(link.state).toEqual({ name: 'connected' });
    await link.yield();
    expect(standIn.isClosed).toBe(true);
    expect(link.state).toEqual({ name: 'page-closed' });
    page.become({ name: 'connected' });
    const before = told.length;
    standIn.tell({ kind: 'messages', messages: [message('m1')] });
    expect(told).toHaveLength(before);
    expect(states().slice(-5)).toEqual([
      'page-closed',
      'connecting',
      'connected',
      'page-closed',
      'connected',
    ]);
  });

  it.each(['signed-in-elsewhere', 'signature-expired'] as const)(
    'lets a stand-in go that is %s, and does not fight',
    async (name) => {
      const { link, makeStandIn } = open();
      link.open();
      await turn();
      const standIn = makeStandIn();
      link.standIn(standIn);
      await turn();
      standIn.become({ name });
      expect(link.state).toEqual({ name: 'page-closed' });
      expect(link.isAlone).toBe(false);
      expect([standIn.isClosed, standIn.opened]).toEqual([true, 1]);
    },
  );

  it('closes both, and tells nothing after', async () => {
    const { link, page, told, makeStandIn } = open();
    link.open();
    await turn();
    const standIn = makeStandIn();
    link.standIn(standIn);
    await link.close();
    const before = told.length;
    page.become({ name: 'connected' });
    standIn.tell({ kind: 'messages', messages: [] });
    expect(told).toHaveLength(before);
    expect(link.state).toEqual({ name: 'signed-out' });
    expect([page.isClosed, standIn.isClosed]).toEqual([true, true]);
  });
});
