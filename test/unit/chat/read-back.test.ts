import { describe, expect, it } from 'vitest';
import type { Asking, Caller } from '../../../src/chat/tencent/caller.ts';
import { makeReadingPace, readBack, type ReadBack } from '../../../src/chat/tencent/read-back.ts';
import type { ConversationId, Edge } from '../../../src/message/message.ts';

const start = 1_790_000_000;

interface Request {
  readonly sequence?: number;
  readonly time?: number;
}

/** A message of this place in its conversation, as an SDK hands it out; one each second. */
function message(conversation: string, sequence: number): object {
  const time = start + sequence;
  return {
    ...{ ID: `1-${time}-${sequence}`, conversationID: conversation, from: 'bob' },
    ...{ nick: '', nameCard: '', sequence, random: sequence, time },
    ...{ type: 'TIMTextElem', payload: { text: 'x' } },
  };
}

/** Reads back through an SDK that answers so; `asked` are its requests, of which it takes 30. */
async function read(
  conversation: ConversationId,
  answer: (request: Request) => object,
  { most = 100, from }: { readonly most?: number; readonly from?: Edge | undefined } = {},
): Promise<{ readonly read: ReadBack; readonly asked: readonly Request[] }> {
  const asked: Request[] = [];
  const chat = {
    getMessageListHopping: (request: Request): Promise<object> => {
      asked.push(request);
      if (asked.length > 30) throw new Error('It asks for ever.');
      return Promise.resolve({ data: answer(request) });
    },
  };
  const caller: Caller = { call: (ask) => ask(chat as unknown as Asking) };
  const now = (): number => (start + 1_000) * 1_000;
  // Its own pace would only wait.
  const pace = { ...makeReadingPace('own') };
  Object.assign(pace, { pages: { next: () => Promise.resolve() }, groups: pace.groups });
  return {
    read: await readBack(caller, pace, { conversation, time: start, most, from, now }),
    asked,
  };
}

const sequences = ({ messages }: ReadBack): readonly number[] =>
  messages.map(({ sequence }) => sequence);

describe('reading a conversation back', () => {
  it('ends at a group’s first message, also where an SDK does not say so', async () => {
    // chat-uikit-vue3 6.1.8's: not completed, next is 0, and asked for 0 it begins at the newest.
    const { read: found, asked } = await read('GROUPteam', ({ sequence }) =>
      sequence
        ? { messageList: [message('GROUPteam', 1)], isCompleted: false, nextMessageSeq: 0 }
        : {
            messageList: [message('GROUPteam', 2), message('GROUPteam', 3)],
            isCompleted: false,
            nextMessageSeq: 1,
          },
    );
    expect(sequences(found)).toEqual([3, 2, 1]);
    expect(found.isComplete).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it.each<[string, ConversationId, string]>([
    ['a group', 'GROUPteam', 'nextMessageSeq'],
    ['a conversation one to one', 'C2Cbob', 'nextMessageTime'],
  ])('does not go round in %s with a page that sends it back', async (_, conversation, next) => {
    let turn = 0;
    const { read: found, asked } = await read(conversation, () => {
      turn += 1;
      return {
        messageList: [message(conversation, 7)],
        isCompleted: false,
        [next]: start + (turn % 2),
      };
    });
    expect(sequences(found)).toEqual([7]);
    expect(found.isComplete).toBe(false);
    expect(asked.length).toBeLessThan(5);
  });

  it.each<[string, ConversationId, string]>([
    ['a group', 'GROUPteam', 'nextMessageSeq'],
    ['a conversation one to one', 'C2Cbob', 'nextMessageTime'],
  ])('does not follow a page down %s in which nothing stands', async (_, conversation, next) => {
    let at = start + 900;
    const { read: found, asked } = await read(conversation, () => ({
      messageList: [],
      isCompleted: false,
      [next]: (at -= 1),
    }));
    expect(found).toMatchObject({ messages: [], recalls: [], isComplete: false });
    expect(asked.length).toBeLessThan(30);
  });

  it('goes on over a few pages without a message, as those of a group’s notices are', async () => {
    const { read: found } = await read('GROUPteam', ({ sequence = 90 }) => ({
      messageList: sequence > 30 ? [] : [message('GROUPteam', sequence)],
      isCompleted: sequence <= 15,
      nextMessageSeq: sequence - 15,
    }));
    expect(sequences(found)).toEqual([30, 15]);
    expect(found.isComplete).toBe(true);
  });

  it('says where it stopped, and begins there again', async () => {
    const page = ({ sequence = 30 }: Request): object => ({
      messageList: Array.from({ length: Math.min(10, sequence) }, (_, i) =>
        message('GROUPteam', sequence - i),
      ),
      isCompleted: sequence <= 10,
      nextMessageSeq: sequence - 10,
    });
    const first = await read('GROUPteam', page, { most: 15 });
    expect(first.read.edge).toEqual({ time: start + 16, sequence: 16 });
    const { read: second, asked } = await read('GROUPteam', page, { from: first.read.edge });
    expect(asked[0]?.sequence).toBe(16);
    expect(sequences(second)).toEqual(Array.from({ length: 16 }, (_, i) => 16 - i));
    expect(second).toMatchObject({ isComplete: true });
    expect(second).not.toHaveProperty('edge');
  });

  it('begins a second later one to one, as a service may leave out what is as old', async () => {
    const { asked } = await read('C2Cbob', () => ({ messageList: [], isCompleted: true }), {
      from: { time: start + 16 },
    });
    expect(asked[0]?.time).toBe(start + 17);
  });

  it('goes on behind many pages without a message when asked again', async () => {
    const page = ({ sequence = 900 }: Request): object => ({
      messageList: sequence > 15 ? [] : [message('GROUPteam', sequence)],
      isCompleted: sequence <= 15,
      nextMessageSeq: sequence - 15,
    });
    let from: Edge | undefined;
    let found: ReadBack | undefined;
    for (let tries = 0; tries < 5 && !found?.isComplete; tries += 1) {
      ({ read: found } = await read('GROUPteam', page, { from }));
      from = found.edge;
    }
    expect(found && sequences(found)).toEqual([15]);
  });
});
