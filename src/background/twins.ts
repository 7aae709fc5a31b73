import type { Entry } from '../message/message.ts';

/**
 * What tells whether two messages say the same; undefined for those of which it cannot be told.
 * Words are compared, and of what is no words `carried`, what messages carry, by
 * `${account}\n${id}`; in memory alone. A file's name or a picture's kind is not its content.
 */
export function contentOf(
  { account, id, kind, body, recall }: Entry,
  carried: ReadonlyMap<string, string>,
): string | undefined {
  if (recall) return;
  if (kind !== 'text' && kind !== 'face') return carried.get(`${account}\n${id}`);
  const text = body?.text.trim() ?? '';
  return text === '' ? undefined : `${kind}\n${text}`;
}

/** Numbers the messages that say the same in different conversations. */
export function numberTwins(
  entries: readonly Entry[],
  carried: ReadonlyMap<string, string>,
): ReadonlyMap<Entry, number> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const content = contentOf(entry, carried);
    if (content === undefined) continue;
    groups.set(content, [...(groups.get(content) ?? []), entry]);
  }
  const twins = [...groups.values()].filter(
    (group) =>
      new Set(group.map(({ account, conversation }) => `${account}\n${conversation}`)).size > 1,
  );
  return new Map(twins.flatMap((group, number) => group.map((entry) => [entry, number] as const)));
}
