import type { Conversation } from '../history/history.ts';
import { groupCompany, type Company, type Person } from '../message/guard/company.ts';
import { judgeText, speaksToStranger } from '../message/guard/guard.ts';
import type { Rule } from '../message/guard/rules.ts';
import type { Sent } from '../message/guard/twin.ts';
import { isGroup, partnerOf, type ConversationId, type Entry } from '../message/message.ts';
import type { Memory } from './memory.ts';

/** How many of a group's messages are looked through for who is there. */
const mostRead = 300;

/** What messages of mine are judged by. */
export interface Circumstances {
  readonly memory: Memory;
  /** My messages of the last minutes. */
  readonly mine: readonly Entry[];
  readonly conversations: readonly Conversation[];
  /** Rules that the user turned off. */
  readonly rulesOff: readonly Rule[];
}

/**
 * Tells of one message of mine after the other why it may have gone to the wrong place: what its page
 * saw, and what its words give away.
 */
export function warner({ memory, mine, conversations, rulesOff }: Circumstances) {
  const known = conversations.filter(({ id }) => !isGroup(id)).map(personOf);
  const read = new Map<ConversationId, Promise<readonly Entry[]>>();

  const companyOf = async (entry: Entry): Promise<Company | undefined> => {
    const { account, conversation, body } = entry;
    const name = conversations.find(({ id }) => id === conversation)?.name ?? '';
    if (!isGroup(conversation)) return { people: [personOf({ id: conversation, name })], said: [] };
    // A group is read only where somebody is spoken to whom its name does not tell.
    const named = { people: [{ id: '', name }], said: [] };
    if (rulesOff.includes('name') || !speaksToStranger(body?.text ?? '', named, known)) return;
    const kept =
      read.get(conversation) ??
      memory.use((history) => history.page(account, conversation, mostRead));
    read.set(conversation, kept);
    return groupCompany(name, await kept, entry);
  };

  return async (entry: Entry, seenByPage: readonly Rule[]): Promise<Rule[]> => {
    const others = mine.filter(({ id, kind }) => id !== entry.id && kind === 'text').map(sentOf);
    const judged =
      entry.kind === 'text'
        ? judgeText({ sent: sentOf(entry), others, here: await companyOf(entry), known })
        : [];
    return [...seenByPage, ...judged].filter((rule) => !rulesOff.includes(rule));
  };
}

function sentOf({ conversation, time, body }: Entry): Sent {
  return { conversation, time, text: body?.text ?? '' };
}

function personOf({ id, name }: Pick<Conversation, 'id' | 'name'>): Person {
  return { id: partnerOf(id), name };
}
