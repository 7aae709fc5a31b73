import type { AccountId } from '../message/message.ts';
import { read, type Database } from './database.ts';
import { fold, spotsOf, termsOf } from './fold.ts';
import type { Found, Hit, SearchBefore } from './history.ts';
import { Pack } from './pack.ts';
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

/** Messages read at once while the pack is being filled. */
const portion = 500;
/** Bounds of the pack: with its places some 60 MB at most. */
const mostMessages = 200_000;
const mostUnits = 20_000_000;
/** How long a search waits for a pack that is being filled, and how often it looks again, ms. */
const patience = 200;
const lookAgainAfter = 50;
/** A pack that nobody searched for so long is let go, ms. */
const keptFor = 600_000;

/** How far a conversation has been read, newest first. */
interface Cursor {
  readonly account: AccountId;
  readonly conversation: string;
  after?: Place;
  /** Negated time of the newest message not read yet. */
  next: number;
}

interface Filling {
  readonly pack: Pack;
  cursors: Cursor[];
  /** How many transactions had written when everything in the pack was true. */
  generation: number;
  /** Counts what was taken out or changed: what was being read meanwhile is read again. */
  changes: number;
  /** Server seconds; what is older was let go, to stay within bounds. */
  floor: number;
}

/**
 * Search of the words that this computer keeps. What it finds is looked up again before it is told:
 * the database has the last word, so nothing recalled is ever found.
 */
export class Searcher {
  readonly #database: Database;
  readonly #vault: Vault;
  #filling: Filling | undefined;
  #step: Promise<void> | undefined;
  #usedAt = 0;

  constructor(database: Database, vault: Vault) {
    this.#database = database;
    this.#vault = vault;
  }

  /** Lets everything go: it was changed in a way that is not followed one by one. */
  drop(): void {
    this.#filling = undefined;
  }

  /** Follows what was just stored. Must be called in the very turn in which it was. */
  follow({ generation, put, removed }: Reworded): void {
    const filling = this.#filling;
    if (!filling) return;
    if (filling.generation !== generation || Date.now() - this.#usedAt > keptFor) {
      this.drop();
      return;
    }
    filling.generation += 1;
    for (const place of removed) filling.pack.remove(place);
    filling.pack.put(put.map(({ place, text }) => ({ place, text: fold(text) })));
    if (removed.length > 0) filling.changes += 1;
    this.#shed(filling);
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
      const places = take(filling.pack.find(terms, account, after), most);
      const since = sinceOf(filling);
      const last = places.at(-1);
      const isEnough = places.length === most && last !== undefined && down(last[2]) >= since;
      if (since === 0 || isEnough || performance.now() > deadline) {
        return { hits: await this.#look(places, terms), since };
      }
      const next = Math.min(deadline, performance.now() + lookAgainAfter);
      // Looking joins every text that was read; after each portion that would take most of the time.
      do await Promise.race([this.#fill(filling), later(next - performance.now())]);
      while (filling.cursors.length > 0 && performance.now() < next);
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
    const [cursor] = filling.cursors.toSorted((one, other) => one.next - other.next);
    if (!cursor) return;
    const { account, conversation, after } = cursor;
    const before = filling.changes;
    const range = under([account, conversation], after && { after });
    const records = await read(db, (tx) => tx.objectStore('entries').getAll(range, portion));
    const leaves = await this.#leavesOf(records);
    // Something was taken out meanwhile: it may be among what was read.
    if (filling.changes !== before) return;
    filling.pack.put(leaves);
    const last = records.at(-1);
    if (last && records.length === portion) {
      cursor.after = placeOfRecord(last);
      cursor.next = last.timeDown;
    } else {
      filling.cursors = filling.cursors.filter((other) => other !== cursor);
    }
    this.#shed(filling);
  }

  async #leavesOf(records: readonly EntryRecord[]): Promise<{ place: Place; text: string }[]> {
    const living = records.filter(({ body }) => body !== undefined);
    const texts = await this.#vault.open(
      living.flatMap(({ account, id, body }) =>
        body ? [{ account, id, part: 'body' as const, it: body }] : [],
      ),
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
    while (pack.count > mostMessages || pack.size > mostUnits) {
      const newest = pack.shed();
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

/** Server seconds since which everything kept is in the pack; 0 when all of it is. */
function sinceOf({ cursors, floor }: Filling): number {
  return cursors.reduce((latest, { next }) => Math.max(latest, down(next)), floor);
}

function take(places: Iterable<Place>, most: number): Place[] {
  const taken: Place[] = [];
  for (const place of places) {
    taken.push(place);
    if (taken.length >= most) break;
  }
  return taken;
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, ms));
  });
}
