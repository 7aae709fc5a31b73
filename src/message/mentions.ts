import * as v from 'valibot';

/** Mentions of one message that are kept; nobody chooses more by hand. */
export const mostMentions = 50;

/** Somebody a message mentions: by their UserID, or everybody, by an id of the SDK's own. */
export const Mentioned = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** Where in a text somebody is mentioned: from where to where, UTF-16 units, the end not included. */
const Mention = v.object({ user: Mentioned, from: v.number(), to: v.number() });
export type Mention = v.InferOutput<typeof Mention>;

/** The mentions of a text, in its order. */
export const Mentions = v.object({
  found: v.array(Mention),
  /** Whether everybody who is mentioned was found in the text. */
  isWhole: v.boolean(),
});
export type Mentions = v.InferOutput<typeof Mentions>;

/** What begins a mention, rather there than in a word: that is an address, where it can be none. */
const beginnings = [/(?<![\w.-])@/gu, /(?<=[\w.-])@/gu];
/** What looks like a mention of somebody whose name is not known. */
const anybody = /(?<!\S)@[^\s@,.;:!?，。；：！？、]+/gu;
const inName = /^[\p{L}\p{N}_]/u;

/**
 * Finds in a text whom its message mentions: the service tells their UserIDs, in the order of their
 * mentions, and the text holds an `@` and the name they had. Where names are not known, what looks
 * like a mention is theirs if there are as many of both; else it is left alone. Nobody is ever found
 * who is not among `users`.
 */
export function locate(
  text: string,
  users: readonly string[],
  namesOf: (user: string) => readonly string[],
): Mentions {
  const found: Mention[] = [];
  const isFound = (user: string): boolean => found.some((one) => one.user === user);
  for (const beginning of beginnings) {
    const wanted = users.filter((user) => !isFound(user));
    for (const { index } of text.matchAll(beginning)) {
      const isTaken = found.some(({ from, to }) => index >= from && index < to);
      const best = isTaken ? undefined : longest(text, index, wanted, namesOf, isFound);
      if (best) found.push(best);
    }
  }
  const rest = users.filter((user) => !isFound(user));
  const free = [...text.matchAll(anybody)]
    .map(({ index, 0: { length } }) => ({ from: index, to: index + length }))
    .filter(({ from, to }) => found.every((one) => to <= one.from || from >= one.to));
  if (free.length === rest.length) {
    for (const [i, user] of rest.entries()) found.push({ user, from: 0, to: 0, ...free[i] });
  }
  return {
    found: found.sort((one, other) => one.from - other.from),
    isWhole: users.every(isFound),
  };
}

/** Of those whose name stands behind this `@` the one with the longest. */
function longest(
  text: string,
  from: number,
  users: readonly string[],
  namesOf: (user: string) => readonly string[],
  isFound: (user: string) => boolean,
): Mention | undefined {
  let best: Mention | undefined;
  for (const user of users) {
    for (const name of namesOf(user)) {
      const to = from + 1 + name.length;
      const isThere = name !== '' && text.startsWith(name, from + 1);
      if (!isThere || inName.test(text.slice(to))) continue;
      // Of two of one name, the one who is still to be found.
      const isBetter =
        !best || to > best.to || (to === best.to && isFound(best.user) && !isFound(user));
      if (isBetter) best = { user, from, to };
    }
  }
  return best;
}
