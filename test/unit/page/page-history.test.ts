import { describe, expect, it, vi } from 'vitest';
import type { PageChat } from '../../../src/page/session/find-session.ts';
import { readPage } from '../../../src/page/session/page-history.ts';

const getGroupProfile = vi.fn<(request: unknown) => Promise<unknown>>();

/** A page's SDK that asks the service for no sequence at all where it was told none. */
function oldChat(group: unknown): PageChat {
  getGroupProfile.mockReset().mockResolvedValue({ data: { group } });
  return {
    getGroupProfile,
    getMessageListHopping: ({ conversationID, sequence }: Record<string, unknown>) =>
      typeof sequence === 'number' || conversationID === 'C2Cbob'
        ? Promise.resolve({ from: sequence })
        : Promise.reject(Object.assign(new Error(), { code: 10_004 })),
  } as unknown as PageChat;
}

const ask = (chat: PageChat, conversationID: string): Promise<unknown> =>
  readPage(chat, { conversationID, count: 15, direction: 0 });

describe('a page’s history', () => {
  it('begins at a group’s newest message, also where its SDK wants to be told which that is', async () => {
    const chat = oldChat({ nextMessageSeq: 19 });
    expect(await ask(chat, 'GROUPteam')).toEqual({ from: 18 });
    expect(getGroupProfile).toHaveBeenCalledWith({ groupID: 'team' });
    expect(await ask(chat, 'C2Cbob')).toEqual({ from: undefined });
    expect(getGroupProfile).toHaveBeenCalledTimes(1);
  });

  it.each([undefined, {}, { nextMessageSeq: 'many' }, { nextMessageSeq: 0 }])(
    'is refused as before where the group’s profile says %j',
    async (group) => {
      await expect(ask(oldChat(group), 'GROUPteam')).rejects.toMatchObject({ code: 10_004 });
    },
  );
});
