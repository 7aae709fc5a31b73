import type { Entry } from '../message.ts';

/** Somebody by their id, and the name they go by; '' where none is known. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Who is in a conversation, as far as this computer knows. */
export interface Company {
  readonly people: readonly Person[];
  /** What was said there before: who is spoken of may be there as well. */
  readonly said: readonly string[];
}

/**
 * How likely the next message of a group may be the first of its author for the group to count as
 * known. The guard may be wrong in one of fifty messages.
 */
const mostUnknown = 1 / 50;
/** Mine of the last seconds may have gone to the wrong place with the one that is judged. */
const slipped = 300;

/**
 * Who is known to be in a group: who wrote there. Members who only read, or wrote before what is
 * kept, are not among them; so it is undefined unless next to nobody is missing. How likely the next
 * author is a new one is told by how many wrote only once among all messages (Good and Turing's
 * estimate, with one more for a group in which nobody did). Mine tell nothing of others.
 */
export function groupCompany(
  name: string,
  kept: readonly Entry[],
  sent: Pick<Entry, 'author' | 'time'>,
): Company | undefined {
  const theirs = kept.filter(({ author }) => author !== sent.author);
  const times = new Map<string, number>();
  for (const { author } of theirs) times.set(author, (times.get(author) ?? 0) + 1);
  const newcomers = [...times.values()].filter((count) => count === 1).length;
  if (newcomers + 1 > mostUnknown * theirs.length) return;
  return {
    // Groups without a name of their own are called after their members.
    people: [
      { id: '', name },
      ...theirs.map(({ author, authorName }) => ({ id: author, name: authorName })),
    ],
    said: kept
      .filter(({ author, time }) => author !== sent.author || time < sent.time - slipped)
      .flatMap(({ body }) => body?.text ?? []),
  };
}
