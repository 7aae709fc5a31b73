import type { Entry } from '../message/message.ts';

/**
 * What tells whether two messages say the same; undefined for those of which it cannot be told. A
 * file's name or a picture's kind is not its content: only words are compared, in memory alone.
 */
export function contentOf({ kind, body, recall }: Entry): string | undefined {
  const text = body?.text.trim() ?? '';
  if (recall || text === '' || (kind !== 'text' && kind !== 'merger')) return;
  return `${kind}\n${text}`;
}

/** Numbers the messages that say the same in different conversations. */
export function numberTwins(entries: readonly Entry[]): ReadonlyMap<Entry, number> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const content = contentOf(entry);
    if (content === undefined) continue;
    groups.set(content, [...(groups.get(content) ?? []), entry]);
  }
  const twins = [...groups.values()].filter(
    (group) =>
      new Set(group.map(({ account, conversation }) => `${account}\n${conversation}`)).size > 1,
  );
  return new Map(twins.flatMap((group, number) => group.map((entry) => [entry, number] as const)));
}
