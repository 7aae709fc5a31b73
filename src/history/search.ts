import type { AccountId } from '../message/message.ts';
import { read, type Database } from './database.ts';
import { fold, spotsOf, termsOf } from './fold.ts';
import type { Found, Hit, SearchBefore } from './history.ts';
import { compare, Pack, take, together, type Leaf } from './pack.ts';
import { reveal } from './recollect.ts';
import {
  down,
  placeOf,
  placeOfRecord,
  under,
  type Db,
  type EntryRecord,
  type Place,
} from './schema.ts';
import type { Vault } from './vault.ts';

/** What a lesson did to the words. */
export interface Reworded {
  /** How many transactions had written before it. */
  readonly generation: number;
  /** New words; they take the place of any that stood there. */
  readonly put: readonly { readonly place: Place; readonly text: string }[];
  /** Where words stood that are gone, also those replaced by others. */
  readonly removed: readonly Place[];
}

/** Messages read at once. */
const portion = 500;
/** Bounds of the pack: with its places some 60 MB at most. What is older is read for each search. */
const defaultBounds: Bounds = { messages: 200_000, units: 20_000_000 };
/** How long a search waits for a pack that is being filled, and how often it looks again, ms. */
const patience = 200;
const lookAgainAfter = 50;
/** A pack that nobody searched for so long is let go, ms. */
const keptFor = 600_000;
/** How long old messages are read on for a search that nobody asks about again, ms. */
const digsFor = 2_000;

/** What a pack may hold; texts in UTF-16 units. */
export interface Bounds {
  readonly messages: number;
  readonly units: number;
}

/** How far a conversation has been read, newest first. */
interface Cursor {
  readonly account: AccountId;
  readonly conversation: string;
  after?: readonly IDBValidKey[];
  /** Negated time of the newest message not read yet. */
  next: number;
}

/** Something that is being read, portion by portion. */
interface Walk {
  cursors: Cursor[];
  /** The portion after those cursors, read while the texts of the one before were being opened. */
  ahead?: { readonly after: readonly Cursor[]; readonly portion: Promise<Portion | undefined> };
}

/** Records, and how far all is read with them. */
interface Portion {
  readonly records: readonly EntryRecord[];
  readonly left: Cursor[];
}

interface Filling extends Walk {
  readonly pack: Pack;
  /** Every conversation there is, each by both its parts as one text. */
  readonly conversations: Map<string, readonly [AccountId, string]>;
  /** How many transactions had written when everything in the pack was true. */
  generation: number;
  /** Counts what was taken out or changed: what was being read meanwhile is read again. */
  changes: number;
  /** Server seconds; what is older was let go, to stay within bounds. */
  floor: number;
}

/** A look for one thing in what is older than the pack; of what it reads, only places stay. */
interface Dig extends Walk {
  readonly filling: Filling;
  readonly account: AccountId | undefined;
  readonly terms: readonly string[];
  /** Newest first. */
  found: readonly Place[];
}

/**
 * Search of the words that this computer keeps. What it finds is looked up again before it is told:
 * the database has the last word, so nothing recalled is ever found.
 */
export class Searcher {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #bounds: Bounds;
  #filling: Filling | undefined;
  #step: Promise<void> | undefined;
  #dig: Dig | undefined;
  #digStep: Promise<void> | undefined;
  #usedAt = 0;

  constructor(database: Database, vault: Vault, bounds = defaultBounds) {
    this.#database = database;
    this.#vault = vault;
    this.#bounds = bounds;
  }

  /** Lets everything go: it was changed in a way that is not followed one by one. */
  drop(): void {
    this.#filling = undefined;
    this.#dig = undefined;
  }

  /** What is in memory, brought to the next generation; dropped, if it is not the one before that. */
  #next(generation: number): Filling | undefined {
    const filling = this.#filling;
    if (filling?.generation === generation && Math.abs(Date.now() - this.#usedAt) <= keptFor) {
      filling.generation += 1;
      return filling;
    }
    this.drop();
    return undefined;
  }

  /** Follows what was just stored. Must be called in the very turn in which it was. */
  follow({ generation, put, removed }: Reworded): void {
    const filling = this.#next(generation);
    if (!filling) return;
    for (const place of removed) filling.pack.remove(place);
    filling.pack.put(put.map(({ place, text }) => ({ place, text: fold(text) })));
    if (removed.length > 0) setBack(filling);
    for (const { place } of put) {
      const of = [place[0], place[1]] as const;
      filling.conversations.set(JSON.stringify(of), of);
    }
    this.#shed(filling);
  }

  /**
   * Follows a sweep of what is older than `time` (server seconds). Must be called in the very turn in
   * which it was done.
   */
  followSweep(generation: number, account: AccountId, time: number): void {
    const filling = this.#next(generation);
    if (!filling) return;
    filling.pack.removeOlder(account, time);
    this.#dig = undefined;
    setBack(filling);
  }

  /** See `History.warm`. */
  async warm(): Promise<void> {
    this.#usedAt = Date.now();
    const filling = await this.#current();
    if (filling.cursors.length > 0) this.#fill(filling).catch(() => undefined);
  }

  /** See `History.search`. */
  async search(
    account: AccountId | undefined,
    query: string,
    most: number,
    before?: SearchBefore,
  ): Promise<Found> {
    const terms = termsOf(query);
    if (terms.length === 0 || most < 1) return { hits: [], since: 0 };
    this.#usedAt = Date.now();
    const deadline = performance.now() + patience;
    const after = before && placeOf(before.account, before.conversation, before);
    for (;;) {
      const filling = await this.#current();
      const dig = this.#digFor(filling, account, terms);
      const packed = take(filling.pack.find(terms, account, after), most);
      const places = dig ? together(packed, dig.found, most, after) : packed;
      const since = dig ? sinceOf(dig.cursors, 0) : sinceOf(filling.cursors, filling.floor);
      const last = places.at(-1);
      const isEnough = places.length === most && last !== undefined && down(last[2]) >= since;
      if (since === 0 || isEnough || performance.now() > deadline) {
        return { hits: await this.#look(places, terms), since };
      }
      const next = Math.min(deadline, performance.now() + lookAgainAfter);
      // Looking joins every text that was read; after each portion that would take most of the time.
      const step = (): Promise<void> => (dig ? this.#digOn(dig) : this.#fill(filling));
      do await Promise.race([step(), later(next - performance.now())]);
      while ((dig ?? filling).cursors.length > 0 && performance.now() < next);
    }
  }

  /** The pack, begun anew if there is none or others have written. */
  async #current(): Promise<Filling> {
    return this.#database.use((db) =>
      read(db, async (tx) => {
        const generation = (await tx.objectStore('meta').get('generation')) ?? 0;
        if (this.#filling?.generation === generation) return this.#filling;
        const entries = tx.objectStore('entries');
        const conversations = await tx.objectStore('conversations').getAllKeys();
        const cursors = await Promise.all(
          conversations.map(async ([account, conversation]): Promise<Cursor[]> => {
            const [newest] = await entries.getAllKeys(under([account, conversation]), 1);
            return newest ? [{ account, conversation, next: newest[2] }] : [];
          }),
        );
        this.#filling = {
          pack: new Pack(),
          conversations: new Map(conversations.map((it) => [JSON.stringify(it), it])),
          cursors: cursors.flat(),
          generation,
          changes: 0,
          floor: 0,
        };
        return this.#filling;
      }),
    );
  }

  /** Reads on, one portion after the other; resolves after each. */
  #fill(filling: Filling): Promise<void> {
    this.#step ??= this.#database
      .use((db) => this.#fillOne(db, filling))
      .finally(() => {
        this.#step = undefined;
        // Goes on by itself: the next letter finds more.
        if (this.#filling === filling && filling.cursors.length > 0) {
          this.#fill(filling).catch(() => undefined);
        }
      });
    return this.#step;
  }

  async #fillOne(db: Db, filling: Filling): Promise<void> {
    const before = filling.changes;
    const read = await this.#readOn(db, filling);
    // Something was taken out meanwhile: it may be among what was read.
    if (!read || filling.changes !== before) return;
    const { pack } = filling;
    const units = read.leaves.reduce((sum, { text }) => sum + text.length, 0);
    if (!this.#holds(pack.count + read.leaves.length, pack.size + units)) {
      // Nothing is let go for what is older: how far all was read would go back.
      filling.floor = sinceOf(filling.cursors, filling.floor);
      filling.cursors = [];
      return;
    }
    pack.put(read.leaves);
    filling.cursors = read.left;
  }

  #holds(messages: number, units: number): boolean {
    return messages <= this.#bounds.messages && units <= this.#bounds.units;
  }

  /** The look for this in what is older than a full pack; undefined while nothing is. */
  #digFor(
    filling: Filling,
    account: AccountId | undefined,
    terms: readonly string[],
  ): Dig | undefined {
    const { conversations, floor, cursors } = filling;
    if (floor === 0 || cursors.length > 0) return undefined;
    const known = this.#dig;
    const isSame =
      known?.account === account && JSON.stringify(known?.terms) === JSON.stringify(terms);
    if (known?.filling === filling && isSame) return known;
    const newest = down(floor);
    this.#dig = {
      filling,
      account,
      terms,
      cursors: [...conversations.values()]
        .filter(([of]) => account === undefined || of === account)
        .map(([of, conversation]) => ({
          ...{ account: of, conversation, next: down(floor - 1) },
          after: [of, conversation, newest],
        })),
      found: [],
    };
    return this.#dig;
  }

  /** Digs on, one portion after the other; resolves after each. */
  #digOn(dig: Dig): Promise<void> {
    this.#digStep ??= this.#database
      .use((db) => this.#digOne(db, dig))
      .finally(() => {
        this.#digStep = undefined;
        const isWanted = this.#dig === dig && Math.abs(Date.now() - this.#usedAt) < digsFor;
        if (isWanted && dig.cursors.length > 0) this.#digOn(dig).catch(() => undefined);
      });
    return this.#digStep;
  }

  async #digOne(db: Db, dig: Dig): Promise<void> {
    const read = await this.#readOn(db, dig);
    if (!read) return;
    const { leaves, left } = read;
    const hits = leaves.filter(({ text }) => dig.terms.every((term) => text.includes(term)));
    dig.found = [...dig.found, ...hits.map(({ place }) => place)].sort(compare);
    dig.cursors = left;
  }

  /** Reads the next texts; while they are opened, the portion after them is being read. */
  async #readOn(db: Db, walk: Walk): Promise<{ leaves: Leaf[]; left: Cursor[] } | undefined> {
    const { cursors, ahead } = walk;
    delete walk.ahead;
    const portion = await (ahead?.after === cursors ? ahead.portion : readPortion(db, cursors));
    if (!portion) return undefined;
    const { records, left } = portion;
    const next = readPortion(db, left);
    // Who waits for it hears when it failed.
    next.catch(() => undefined);
    walk.ahead = { after: left, portion: next };
    return { leaves: await this.#leavesOf(records), left };
  }

  async #leavesOf(records: readonly EntryRecord[]): Promise<Leaf[]> {
    const living = records.filter(({ body }) => body !== undefined);
    const texts = await this.#vault.open(
      living.flatMap(({ account, id, body }) => (body ? [{ account, id, it: body }] : [])),
      { isPassing: true },
    );
    return living.flatMap((record, i) => {
      const text = texts[i];
      return text === undefined ? [] : [{ place: placeOfRecord(record), text: fold(text) }];
    });
  }

  /** Keeps the pack within its bounds: the oldest goes, and nothing older is read. */
  #shed(filling: Filling): void {
    const { pack } = filling;
    while (!this.#holds(pack.count, pack.size)) {
      const newest = pack.shed();
      // It began below what is let go now.
      this.#dig = undefined;
      if (newest) filling.floor = Math.max(filling.floor, down(newest[2]) + 1);
    }
    if (filling.floor === 0) return;
    filling.cursors = filling.cursors.filter(({ next }) => down(next) >= filling.floor);
  }

  /** The entries at these places, as they are now. */
  async #look(places: readonly Place[], terms: readonly string[]): Promise<Hit[]> {
    const records = await this.#database.use((db) =>
      read(db, (tx) => Promise.all(places.map((place) => tx.objectStore('entries').get(place)))),
    );
    const entries = await reveal(
      this.#vault,
      records.filter((record) => record !== undefined),
    );
    return entries.flatMap((entry) => {
      const text = entry.body?.text ?? '';
      const whole = fold(text);
      const isHit = terms.every((term) => whole.includes(term));
      return isHit ? [{ entry, spots: spotsOf(text, terms) }] : [];
    });
  }
}

/** What is being read just now is read again: some of it was taken out or changed. */
function setBack(filling: Filling): void {
  filling.changes += 1;
  delete filling.ahead;
}

/** Reads on where the newest message is that was not read yet. */
async function readPortion(db: Db, cursors: readonly Cursor[]): Promise<Portion | undefined> {
  const [cursor] = cursors.toSorted((one, other) => one.next - other.next);
  if (!cursor) return undefined;
  const { account, conversation, after } = cursor;
  const range = under([account, conversation], after && { after });
  const records = await read(db, (tx) => tx.objectStore('entries').getAll(range, portion));
  const last = records.length === portion ? records.at(-1) : undefined;
  const left = cursors.flatMap((other) => {
    if (other !== cursor) return other;
    return last ? { ...cursor, after: placeOfRecord(last), next: last.timeDown } : [];
  });
  return { records, left };
}

/** Server seconds since which everything was read; 0 when all of it was. */
function sinceOf(cursors: readonly Cursor[], floor: number): number {
  return cursors.reduce((latest, { next }) => Math.max(latest, down(next) + 1), floor);
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, ms));
  });
}
