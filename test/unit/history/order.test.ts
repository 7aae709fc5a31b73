import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { openHistory } from '../../../src/history/cache.ts';
import type { Lesson } from '../../../src/history/history.ts';
import type { EntryRecord } from '../../../src/history/schema.ts';
import type { Entry, Message, Recall, Witness } from '../../../src/message/message.ts';
import {
  alice,
  dump,
  freshName,
  message,
  methodOf,
  profileKey,
  sealedIn,
  team,
  traces,
  withBob,
  without,
} from './fixtures.ts';

/** One thing the service tells, in whatever order. */
type Fact = { readonly message: Message } | { readonly recall: Recall };

/** What happened in the world, and in which order and portions it is told. */
interface Story {
  readonly facts: readonly Fact[];
  /** Of the facts: a permutation that keeps an edit after its original. */
  readonly told: readonly Fact[];
  /** After how many facts a lesson ends. */
  readonly portions: readonly number[];
  /** At which of a lesson's writes the worker dies, once per lesson; 0: it lives. */
  readonly crashes: readonly number[];
}

interface Plot {
  readonly isMine: boolean;
  readonly isInGroup: boolean;
  readonly time: number;
  readonly quotes: number | undefined;
  /** Whether it also says which sequence and time that has. */
  readonly quotesWholly: boolean;
  readonly isLearnt: boolean;
  readonly isEdited: boolean;
  readonly isNameless: boolean;
  readonly recalls: readonly RecallPlot[];
  readonly witness: Witness;
}

interface RecallPlot {
  readonly hasId: boolean;
  readonly hasBy: boolean;
  readonly hasName: boolean;
  readonly hasReason: boolean;
  /** Whether the service tells whose message it was, as its history does. */
  readonly hasFacts: boolean;
}

const recallPlot: fc.Arbitrary<RecallPlot> = fc.record({
  hasId: fc.boolean(),
  hasBy: fc.boolean(),
  hasName: fc.boolean(),
  hasReason: fc.boolean(),
  hasFacts: fc.boolean(),
});

const plot: fc.Arbitrary<Plot> = fc.record({
  isMine: fc.boolean(),
  isInGroup: fc.boolean(),
  time: fc.integer({ min: 100, max: 104 }),
  quotes: fc.option(fc.nat(5), { nil: undefined }),
  quotesWholly: fc.boolean(),
  isLearnt: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
  isEdited: fc.boolean(),
  isNameless: fc.boolean(),
  recalls: fc.array(recallPlot, { maxLength: 3 }),
  witness: fc.constantFrom<Witness[]>('event', 'history', 'request'),
});

const wordOf = (index: number): string => `secret${index}word`;

function quoteOf({ quotes: index, quotesWholly }: Plot, plots: readonly Plot[]): Partial<Message> {
  const quoted = index === undefined ? undefined : plots[index];
  if (index === undefined || !quoted) return {};
  const { sequence } = message(`m${index}`);
  const whole = quotesWholly && { sequence, time: quoted.time };
  return { quote: { id: `m${index}`, ...whole } };
}

function tell(plots: readonly Plot[]): readonly Fact[] {
  const originals = plots.map((it, index) =>
    message(`m${index}`, {
      conversation: it.isInGroup ? team : withBob,
      author: it.isMine ? 'alice' : 'bob',
      authorName: it.isNameless ? '' : 'Somebody',
      time: it.time,
      body: { text: `${wordOf(index)} one` },
      ...quoteOf(it, plots),
    }),
  );
  return originals.flatMap((original, index): Fact[] => {
    const it = plots[index];
    if (!it) return [];
    const { conversation, id, sequence, time, author, authorName, random, kind } = original;
    const recalls = it.recalls.map((recall, nth): Recall => {
      const { hasId, hasBy, hasName, hasReason, hasFacts } = recall;
      return {
        conversation,
        sequence,
        time,
        at: 200_000 + nth,
        // Whether the service still counts a message as unread is the same for all its recalls.
        witness: it.witness,
        ...(hasId && { id }),
        ...(hasBy && { by: author }),
        ...(hasName && { byName: 'Recaller' }),
        ...(hasReason && { reason: 'reason' }),
        ...(hasFacts && { author, authorName, random, kind }),
      };
    });
    const copies: Message[] = it.isLearnt ? [original, original] : [];
    if (it.isLearnt && it.isEdited) {
      const edited = { ...original, body: { text: `${wordOf(index)} two` } };
      copies.splice(1, 1, edited, edited);
    }
    return [...copies.map((copy) => ({ message: copy })), ...recalls.map((recall) => ({ recall }))];
  });
}

/** Copies of one message keep their order: which of two versions is newer, only the order says. */
function inOrderOfVersions(facts: readonly Fact[], shuffled: readonly Fact[]): readonly Fact[] {
  const idOf = (fact: Fact): string | undefined =>
    'message' in fact ? fact.message.id : undefined;
  const waiting = Map.groupBy(facts, idOf);
  return shuffled.map((fact) => {
    const id = idOf(fact);
    return (id === undefined ? undefined : waiting.get(id)?.shift()) ?? fact;
  });
}

const story: fc.Arbitrary<Story> = fc
  .array(plot, { minLength: 1, maxLength: 6 })
  .map(tell)
  .chain((facts) =>
    fc.record({
      facts: fc.constant(facts),
      told: fc
        .shuffledSubarray([...facts], { minLength: facts.length })
        .map((shuffled) => inOrderOfVersions(facts, shuffled)),
      portions: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 30 }),
      crashes: fc.array(fc.nat(6), { maxLength: 30 }),
    }),
  );

function lessonOf(facts: readonly Fact[]): Lesson {
  return {
    account: alice,
    messages: facts.flatMap((fact) => ('message' in fact ? [fact.message] : [])),
    recalls: facts.flatMap((fact) => ('recall' in fact ? [fact.recall] : [])),
  };
}

/** All that the service counts as unread before anything is recalled. */
function firstLesson(facts: readonly Fact[]): Lesson {
  return {
    account: alice,
    conversations: [withBob, team].map((id) => {
      const unread = new Set(
        facts.flatMap((fact) =>
          'message' in fact && fact.message.conversation === id && fact.message.author === 'bob'
            ? [fact.message.id]
            : [],
        ),
      );
      return { id, name: 'Somewhere', unread: unread.size, lastTime: 104 };
    }),
  };
}

/** What is on disk and what can be read of it in another life, which remembers nothing. */
async function stateOf(name: string): Promise<unknown> {
  const { entries = [], conversations, orphans } = await dump(name);
  const history = await openHistory({ key: profileKey(), name });
  const readable: (readonly Entry[])[] = [];
  for (const id of [withBob, team]) readable.push(await history.page(alice, id, 99));
  const state = {
    facts: entries.map(([, record]) => without(record as EntryRecord, 'body')),
    conversations,
    orphans,
    sealed: await sealedIn(name),
    readable,
    mine: await history.mine(alice, 0, 99),
    recalled: await history.recalled(alice, 0, 99),
  };
  history.close();
  return state;
}

/** Runs `work` and kills its transaction at the n-th write; gives whether it came that far. */
async function killedAt(nth: number, work: () => Promise<unknown>): Promise<boolean> {
  let writes = 0;
  const count = (store: IDBObjectStore): void => {
    writes += 1;
    if (writes === nth) store.transaction.abort();
  };
  const { prototype } = IDBObjectStore;
  const [put, remove] = [methodOf(prototype, 'put'), methodOf(prototype, 'delete')];
  const spies = [
    vi.spyOn(prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      const request = put(this, ...args);
      count(this);
      return request;
    }),
    vi.spyOn(prototype, 'delete').mockImplementation(function (this: IDBObjectStore, ...args) {
      const request = remove(this, ...args);
      count(this);
      return request;
    }),
  ];
  try {
    await work();
    return false;
  } catch {
    return true;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

describe('whatever order things are told in', () => {
  it('the end is the same, in any portions and over any deaths', async () => {
    let deaths = 0;
    await fc.assert(
      fc.asyncProperty(story, async ({ facts, told, portions, crashes }) => {
        const [plainName, name] = [freshName(), freshName()];
        const plain = await openHistory({ key: profileKey(), name: plainName });
        await plain.learn(firstLesson(facts));
        // First all that was said, then all that was taken back.
        const isMessage = (fact: Fact): boolean => 'message' in fact;
        for (const fact of facts.filter(isMessage)) await plain.learn(lessonOf([fact]));
        for (const fact of facts.filter((it) => !isMessage(it)))
          await plain.learn(lessonOf([fact]));

        let history = await openHistory({ key: profileKey(), name });
        await history.learn(firstLesson(facts));
        const rest = [...told];
        for (let nth = 0; rest.length > 0; nth += 1) {
          const lesson = lessonOf(rest.splice(0, portions[nth] ?? 1));
          const death = crashes[nth] ?? 0;
          if (death > 0) {
            const before = await dump(name);
            if (await killedAt(death, () => history.learn(lesson))) {
              deaths += 1;
              expect(await dump(name)).toEqual(before);
              history.close();
              history = await openHistory({ key: profileKey(), name });
            }
          }
          await history.learn(lesson);
        }

        expect(await stateOf(name)).toEqual(await stateOf(plainName));
        // Nor is there anything left to learn.
        const before = await dump(name);
        const last = told.filter((fact) => 'recall' in fact);
        const known = await history.learn(lessonOf(last));
        expect(known).toEqual({ messages: [], recalled: [], conversations: [] });
        expect(await dump(name)).toEqual(before);
        plain.close();
        history.close();
      }),
      { numRuns: 150 },
    );
    // Else the deaths were not tested.
    expect(deaths).toBeGreaterThan(20);
  }, 60_000);

  it('whatever quotes what was recalled where it is, is known to, be that known or not', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(story, async ({ told, portions }) => {
        const name = freshName();
        const history = await openHistory({ key: profileKey(), name });
        const rest = [...told];
        for (let nth = 0; rest.length > 0; nth += 1) {
          await history.learn(lessonOf(rest.splice(0, portions[nth] ?? 1)));
        }
        history.close();
        const reader = await openHistory({ key: profileKey(), name });
        const entries = [
          ...(await reader.page(alice, withBob, 99)),
          ...(await reader.page(alice, team, 99)),
        ].filter(({ recall }) => !recall);
        for (const fact of told) {
          if (!('recall' in fact)) continue;
          const { conversation, id, sequence } = fact.recall;
          for (const entry of entries) {
            const { quote } = entry;
            if (!quote || entry.conversation !== conversation) continue;
            if (quote.id !== id && quote.sequence !== sequence) continue;
            expect(await reader.quotingRecalled(alice, [entry])).toEqual(new Set([entry.id]));
            found += 1;
          }
        }
        reader.close();
      }),
      { numRuns: 150 },
    );
    // Else no quotes were tested.
    expect(found).toBeGreaterThan(20);
  }, 60_000);

  it('no record holds a word of any message, and nothing opens to a recalled one', async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ told, portions }) => {
        const name = freshName();
        const history = await openHistory({ key: profileKey(), name });
        const rest = [...told];
        for (let nth = 0; rest.length > 0; nth += 1) {
          await history.learn(lessonOf(rest.splice(0, portions[nth] ?? 1)));
        }
        const recalledIds = new Set((await history.recalled(alice, 0, 99)).map(({ id }) => id));
        for (let index = 0; index < 6; index += 1) {
          expect(await traces(name, wordOf(index))).toEqual([]);
          if (!recalledIds.has(`m${index}`)) continue;
          const sealed = await sealedIn(name);
          expect(sealed.filter((it) => it.startsWith(`m${index} `))).toEqual([]);
          for (const conversation of [withBob, team]) {
            const entries = await history.page(alice, conversation, 99);
            expect(JSON.stringify(entries)).not.toContain(wordOf(index));
          }
        }
        history.close();
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
