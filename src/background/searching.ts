import type { Handlers } from '../contract/channel.ts';
import type { Asked } from '../contract/contract.ts';
import type { Teller } from '../contract/news.ts';
import type { HitView } from '../contract/own-views.ts';
import type { Found, Hit, SearchBefore } from '../history/history.ts';
import { partnerOf, userOf, type AccountId } from '../message/message.ts';
import { readKeepsHistory } from '../platform/profile-key.ts';
import { readKeptDays, writeKeptDays } from '../platform/settings.ts';
import { countStored } from '../platform/storage-scan.ts';
import { Completion, coverageOf } from './completion.ts';
import type { Keepers } from './keepers.ts';

/** Characters of a hit's text that are shown, and of those, before the first thing asked for. */
const excerptLength = 140;
const excerptBefore = 40;

/** Answers to what is asked about the history as a whole. */
export function searchingAnswersOf(
  keepers: Keepers,
  teller: Pick<Teller, 'tell'>,
): Pick<
  Handlers,
  | 'search'
  | 'warmSearch'
  | 'coverage'
  | 'readMissing'
  | 'stopReading'
  | 'searchStore'
  | 'dataSettings'
  | 'setKeepsHistory'
  | 'setKeptDays'
> {
  const { memory } = keepers;
  const completion = new Completion(keepers);
  return {
    async search({ account, words, most, before }) {
      await keepers.wake();
      const { hits, since } = await searchKnown(keepers, { account, words, most, before });
      const names = await namesOf(keepers, hits);
      const shown = hits
        .filter(({ entry }) => !memory.isDying(entry))
        .map((hit) => viewOf(hit, names.get(nameKeyOf(hit.entry))));
      return { hits: shown, since };
    },
    async warmSearch() {
      await memory.use((history) => history.warm());
      return undefined;
    },
    async coverage() {
      await keepers.wake();
      const all = await Promise.all(keepers.all.map((keeper) => coverageOf(keepers, keeper)));
      const oldest = all.flatMap(({ conversations }) =>
        conversations.flatMap((one) => one.oldest ?? []),
      );
      return {
        messages: all.reduce((sum, { messages }) => sum + messages, 0),
        conversations: oldest.length,
        since: oldest.length === 0 ? 0 : oldest.reduce((one, other) => Math.min(one, other)),
        missing: all.reduce((sum, { missing }) => sum + missing.length, 0),
        ...completion.look(),
      };
    },
    async readMissing() {
      await keepers.wake();
      void completion.start();
      return undefined;
    },
    stopReading() {
      completion.stop();
      return Promise.resolve(undefined);
    },
    async searchStore(text) {
      const [holding, stored] = await Promise.all([
        memory.use((history) => history.holds(text)),
        countStored(text),
      ]);
      return { ...holding, ...stored };
    },
    async dataSettings() {
      const [keepsHistory, keptDays] = await Promise.all([readKeepsHistory(), readKeptDays()]);
      return { keepsHistory, keptDays };
    },
    async setKeepsHistory(keeps) {
      const isRenewed = await keepers.sealing.choose(keeps).finally(() => {
        // What failed may have been the destroying of what was kept: the choice holds.
        teller.tell({ kind: 'glance' });
      });
      if (!isRenewed) return undefined;
      // The service is asked for what can be read no more. Nobody waits for that here; what fails is made up for on the next connection.
      for (const keeper of keepers.all) keeper.catchUp().catch(() => undefined);
      return undefined;
    },
    async setKeptDays(days) {
      await writeKeptDays(days);
      teller.tell({ kind: 'glance' });
      await keepers.wake();
      await keepers.sweep();
      return undefined;
    },
  };
}

/** Searches what is kept of the accounts there are. */
async function searchKnown(
  keepers: Keepers,
  { account, words, most, before }: Asked<'search'>,
): Promise<Found> {
  const known = await keepers.known();
  if (account !== undefined && !known.has(account)) return { hits: [], since: 0 };
  const hits: Hit[] = [];
  for (let from: SearchBefore | undefined = before; ;) {
    const after = from;
    const found = await keepers.memory.use((history) =>
      history.search(account, words, most, after),
    );
    hits.push(...found.hits.filter(({ entry }) => known.has(entry.account)));
    from = found.hits.at(-1)?.entry;
    const isEnd = from === undefined || found.hits.length < most;
    // What others left must not take the places of what is to be found.
    if (isEnd || hits.length >= most) return { ...found, hits: hits.slice(0, most) };
  }
}

function nameKeyOf({ account, conversation }: Hit['entry']): string {
  return JSON.stringify([account, conversation]);
}

/** The names of the conversations in which something was found, where they are known. */
async function namesOf(
  { memory }: Keepers,
  hits: readonly Hit[],
): Promise<ReadonlyMap<string, string>> {
  const accounts = new Set<AccountId>(hits.map(({ entry }) => entry.account));
  const lists = await memory.use((history) =>
    Promise.all([...accounts].map((account) => history.conversations(account))),
  );
  return new Map(
    lists.flat().map(({ account, id, name }) => [JSON.stringify([account, id]), name]),
  );
}

function viewOf({ entry, spots }: Hit, conversationName = ''): HitView {
  const { account, conversation, id, sequence, time, kind, author, authorName } = entry;
  return {
    account,
    conversation,
    id,
    sequence,
    time,
    conversationName: conversationName || partnerOf(conversation),
    author: authorName || author,
    isMine: author === userOf(account),
    kind,
    ...excerptOf(entry.body?.text ?? '', spots),
  };
}

/** A piece of a text around its first spot, with an ellipsis where it is cut, and the spots as they lie in it. */
function excerptOf(text: string, spots: Hit['spots']): Pick<HitView, 'excerpt' | 'spots'> {
  const first = spots[0]?.[0] ?? 0;
  const wanted =
    first + excerptLength - excerptBefore > text.length
      ? text.length - excerptLength
      : first - excerptBefore;
  const from = wholeAt(text, Math.max(0, Math.min(wanted, first)));
  const to = wholeAt(text, Math.min(text.length, from + excerptLength));
  const before = from > 0 ? '…' : '';
  const moved = before.length - from;
  return {
    excerpt: `${before}${text.slice(from, to)}${to < text.length ? '…' : ''}`,
    spots: spots
      .filter(([begin]) => begin < to)
      .map(([begin, end]) => [begin + moved, Math.min(end, to) + moved]),
  };
}

/** The nearest place at or before `at` that does not cut a character in two. */
function wholeAt(text: string, at: number): number {
  const isInside = at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
  return isInside ? at - 1 : at;
}
