import { locate, type Mentions } from '../message/mentions.ts';
import type { Memory } from './memory.ts';
import type { Kept } from './reedit.ts';

/** How many of a group's messages are looked through for the names of who is mentioned. */
const mostRead = 300;

/**
 * Where words that are kept mention somebody; undefined where they mention nobody. The service tells
 * no names with a mention: they are those under which people wrote to me or in the group.
 */
export async function mentionsIn(
  memory: Memory,
  { account, conversation, text, mentions = [] }: Kept,
): Promise<Mentions | undefined> {
  if (mentions.length === 0) return undefined;
  const [conversations, written] = await memory.use((history) =>
    Promise.all([history.conversations(account), history.page(account, conversation, mostRead)]),
  );
  const namesOf = (user: string): string[] => [
    user,
    ...conversations.flatMap(({ id, name }) => (id === `C2C${user}` ? [name] : [])),
    ...written.flatMap(({ author, authorName }) => (author === user ? [authorName] : [])),
  ];
  const names = new Map(mentions.map((user) => [user, [...new Set(namesOf(user))]]));
  return locate(text, mentions, (user) => names.get(user) ?? []);
}
