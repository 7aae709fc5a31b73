import {
  isGroup,
  partnerOf,
  userOf,
  type ConversationId,
  type Message,
  type MessageId,
  type MessageRef,
  type Recall,
  type RecallFact,
} from '../message/message.ts';
import { nameOf, type Desk, type Orphan } from './desk.ts';
import type { Lesson } from './history.ts';
import {
  down,
  orphanKeyOf,
  orphanKeysOf,
  placeOfRecord,
  recordOf,
  recordOfRecall,
  tombstoneOf,
  type ConversationRecord,
  type EntryRecord,
  type OrphanKey,
  type OrphanRecord,
} from './schema.ts';

/** What a lesson makes of the desk. */
export interface Plan {
  /** With the words they had, as far as those stay; what became of them is in `living`. */
  readonly entries: ReadonlyMap<MessageId, EntryRecord>;
  readonly conversations: readonly ConversationRecord[];
  readonly orphans: readonly Orphan[];
  readonly matched: readonly OrphanKey[];
  /** Messages whose words are destroyed. */
  readonly dead: readonly MessageId[];
  /** Living messages whose words shall be readable afterwards. */
  readonly living: readonly Message[];
  /** New messages, and known ones of which a fact changed or that quote the dead. */
  readonly changed: readonly MessageRef[];
  /** New tombstones, and known ones about which more is known now. */
  readonly recalled: readonly MessageRef[];
  readonly touched: ReadonlySet<ConversationId>;
}

/** What is kept of a recall; what the service left empty is left out. */
function factOf(recall: Recall): RecallFact {
  const { by, byName, reason, at, witness } = recall;
  return {
    ...(by && { by }),
    ...(byName && { byName }),
    ...(reason && { reason }),
    at,
    witness,
  };
}

/**
 * Two accounts of one recall as one. The earlier wins, whichever is learnt first; the later only
 * fills in what the earlier does not say, and a name only for the same person.
 */
export function mergeFacts(one: RecallFact, other: RecallFact): RecallFact {
  const isOneFirst = one.at < other.at || (one.at === other.at && one.witness <= other.witness);
  const [first, second] = isOneFirst ? [one, other] : [other, one];
  const by = first.by ?? second.by;
  const speaksOf = (fact: RecallFact): boolean => fact.by === undefined || fact.by === by;
  const byName =
    (speaksOf(first) ? first.byName : undefined) ?? (speaksOf(second) ? second.byName : undefined);
  const reason = first.reason ?? second.reason;
  return {
    ...(by !== undefined && { by }),
    ...(byName !== undefined && { byName }),
    ...(reason !== undefined && { reason }),
    at: first.at,
    witness: first.witness,
  };
}

function isSaidTheSame(one: RecallFact, other: RecallFact): boolean {
  return one.by === other.by && one.byName === other.byName && one.reason === other.reason;
}

/**
 * Whether a recall that names no id can mean this entry: one to one, neither side recalls what the
 * other wrote, and both sides' clients could have chosen the same sequence.
 */
function canMean(recall: RecallFact, { account, conversation, author }: EntryRecord): boolean {
  const { by } = recall;
  if (isGroup(conversation) || by === undefined || by === author) return true;
  return by !== userOf(account) && by !== partnerOf(conversation);
}

/** A known entry after another copy of its message: the place stays, names and kind follow. */
function update(known: EntryRecord, latest: EntryRecord): EntryRecord {
  const authorName = latest.authorName || known.authorName;
  const { quoteId, quoteSequence, quoteTime }: Partial<EntryRecord> = known.recall ? {} : latest;
  const { mentions }: Partial<EntryRecord> = known.recall ? {} : latest;
  const { kind } = latest;
  const isQuotingTheSame =
    known.quoteId === quoteId &&
    known.quoteSequence === quoteSequence &&
    known.quoteTime === quoteTime;
  const isMentioningTheSame = JSON.stringify(known.mentions) === JSON.stringify(mentions);
  const isToldTheSame = isQuotingTheSame && isMentioningTheSame;
  if (known.authorName === authorName && known.kind === kind && isToldTheSame) return known;
  if (known.recall) return tombstoneOf({ ...known, authorName, kind }, known.recall);
  const { timeDown, sequenceDown, clientSequence, random, body } = known;
  return {
    ...latest,
    timeDown,
    sequenceDown,
    ...(clientSequence !== undefined && { clientSequence }),
    random,
    authorName,
    ...(body && { body }),
  };
}

/** A known entry after what a recall says of its message: only what was missing is filled in. */
function inform(known: EntryRecord, recalled: EntryRecord): EntryRecord {
  const authorName = known.authorName || recalled.authorName;
  const kind = known.kind === 'other' ? recalled.kind : known.kind;
  const random = known.random || recalled.random;
  const isKnown = authorName === known.authorName && kind === known.kind && random === known.random;
  return isKnown ? known : { ...known, authorName, kind, random };
}

/**
 * Works out a lesson on what is known. Pure. Messages first, then recalls, then the service's own
 * numbers: so the order of lessons and of what is in them does not matter.
 */
export function settle(lesson: Lesson, desk: Desk): Plan {
  const { account, messages = [], recalls = [], conversations = [] } = lesson;
  const entries = new Map(desk.entries);
  const orphans = new Map(desk.orphans);
  const wanted = new Map<MessageId, Message>();
  const changed = new Set<MessageId>();
  const dead = new Set<MessageId>();
  const retold = new Set<MessageId>();
  /** The dead that the service's unread number has not left out yet. */
  const stillCounted = new Set<MessageId>();

  function bury(record: EntryRecord, fact: RecallFact, isCounted: boolean): void {
    const recall = record.recall ? mergeFacts(record.recall, fact) : fact;
    if (!record.recall) {
      dead.add(record.id);
      if (isCounted) stillCounted.add(record.id);
    } else if (!isSaidTheSame(record.recall, recall)) {
      retold.add(record.id);
    } else if (record.recall.at === recall.at && record.recall.witness === recall.witness) {
      return;
    }
    entries.set(record.id, tombstoneOf(record, recall));
  }

  const matched: OrphanKey[] = [];
  /** Recalls that came before this message find it now. */
  function adopt(record: EntryRecord): void {
    if (orphans.size === 0) return;
    for (const key of orphanKeysOf(record)) {
      const orphan = orphans.get(nameOf(key));
      if (!orphan || !(key[2] === 'id' || canMean(orphan.record.recall, record))) continue;
      bury(entries.get(record.id) ?? record, orphan.record.recall, orphan.record.isCounted);
      orphans.delete(nameOf(key));
      matched.push(key);
    }
  }

  for (const message of messages) {
    const latest = recordOf(account, message);
    const known = entries.get(message.id);
    // An id that another message has already: whoever made it up, it changes nothing.
    if (known && (known.conversation !== latest.conversation || known.author !== latest.author)) {
      continue;
    }
    const record = known ? update(known, latest) : latest;
    if (record !== known) {
      entries.set(record.id, record);
      changed.add(record.id);
    }
    wanted.set(message.id, message);
    adopt(record);
  }
  // Messages of which the service tells nothing but that they were recalled have their place, too.
  for (const recall of recalls) {
    const record = recordOfRecall(account, recall);
    if (!record) continue;
    const known = entries.get(record.id);
    if (!known) {
      entries.set(record.id, record);
      adopt(record);
    } else if (known.conversation === record.conversation && known.author === record.author) {
      entries.set(record.id, inform(known, record));
    }
  }

  const bySequence = new Map<string, EntryRecord[]>();
  if (recalls.some(({ id }) => id === undefined)) {
    for (const record of entries.values()) {
      const name = nameOf(orphanKeysOf(record)[1]);
      bySequence.set(name, [...(bySequence.get(name) ?? []), record]);
    }
  }
  const told = new Set(conversations.map(({ id }) => id));
  const homeless = new Set<string>();
  for (const recall of recalls) {
    const key = orphanKeyOf(account, recall);
    if (!key) continue;
    const name = nameOf(key);
    const fact = factOf(recall);
    const found =
      recall.id === undefined
        ? (bySequence.get(name) ?? []).filter((record) => canMean(fact, record))
        : [entries.get(recall.id)].filter((it) => it?.conversation === recall.conversation);
    // A recall found in history is older than the service's number, which left it out already.
    const isCounted = recall.witness !== 'history';
    for (const record of found) if (record) bury(entries.get(record.id) ?? record, fact, isCounted);
    if (found.length > 0) continue;
    const waiting = orphans.get(name)?.record;
    const record: OrphanRecord = {
      recall: waiting ? mergeFacts(waiting.recall, fact) : fact,
      isCounted: (isCounted || waiting?.isCounted === true) && !told.has(recall.conversation),
    };
    if (!waiting || !isEqual(waiting, record)) orphans.set(name, { key, record });
    if (!waiting) homeless.add(name);
  }
  for (const [name, { key, record }] of orphans) {
    if (record.isCounted && told.has(key[1])) {
      orphans.set(name, { key, record: { ...record, isCounted: false } });
    }
  }

  // A page may show the words of what they quote.
  const quotingDead: MessageRef[] = [];
  for (const [id, records] of desk.quoting) {
    for (const { id: quoting, conversation } of records) {
      if (!dead.has(id) && !homeless.has(nameOf([account, conversation, 'id', id]))) continue;
      const isStillQuoting = entries.get(quoting)?.quoteId === id;
      if (isStillQuoting) quotingDead.push({ account, conversation, id: quoting });
    }
  }
  for (const [name, records] of desk.quotingSequence) {
    for (const { id, conversation, quoteSequence, quoteTime } of homeless.has(name)
      ? records
      : []) {
      const record = entries.get(id);
      if (record?.quoteId === undefined || entries.has(record.quoteId)) continue;
      const { quoteSequence: sequence, quoteTime: time } = record;
      const isStillQuoting = sequence === quoteSequence && time === quoteTime;
      if (isStillQuoting) quotingDead.push({ account, conversation, id });
    }
  }

  const living = [...wanted.values()].filter(({ id }) => entries.get(id)?.recall === undefined);
  const updated = [...entries.values()].filter((record) => desk.entries.get(record.id) !== record);
  const { records, touched } = settleConversations(lesson, desk, updated, dead, stillCounted);
  const refsOf = (of: ReadonlySet<MessageId>, isTombstone: boolean): readonly MessageRef[] =>
    updated.flatMap(({ id, conversation, recall }) =>
      of.has(id) && (recall !== undefined) === isTombstone ? [{ account, conversation, id }] : [],
    );
  return {
    entries: new Map(updated.map((record) => [record.id, record])),
    conversations: records,
    orphans: [...orphans].flatMap(([name, orphan]) =>
      desk.orphans.get(name) === orphan ? [] : [orphan],
    ),
    matched,
    dead: [...dead],
    living,
    changed: [...refsOf(changed, false), ...quotingDead],
    recalled: refsOf(new Set([...dead, ...retold]), true),
    touched,
  };
}

/** The conversations a lesson changes: stubs for new ones, unread, facts, marks. */
function settleConversations(
  lesson: Lesson,
  desk: Desk,
  updated: readonly EntryRecord[],
  dead: ReadonlySet<MessageId>,
  stillCounted: ReadonlySet<MessageId>,
): { records: readonly ConversationRecord[]; touched: Set<ConversationId> } {
  const { account, conversations = [], marks = [], edges = [] } = lesson;
  const records = new Map(desk.conversations);
  const recordAt = (id: ConversationId): ConversationRecord =>
    records.get(id) ?? { account, id, name: '', unread: 0, lastTime: 0, mark: 0, counted: 0 };

  const touched = new Set<ConversationId>();
  for (const { conversation } of updated) {
    touched.add(conversation);
    records.set(conversation, recordAt(conversation));
  }
  for (const record of desk.conversations.values()) {
    if (record.unread === 0) continue;
    const fresh = updated.filter(
      (it) =>
        it.conversation === record.id &&
        !desk.entries.has(it.id) &&
        down(it.timeDown) <= record.counted,
    );
    const living = (desk.newest.get(record.id) ?? []).filter(({ recall }) => !recall);
    const recalled = [...living, ...fresh]
      // Who was unread before this lesson, newest first: the service counts no others.
      .filter(({ author }) => author !== userOf(account))
      .filter(({ id }) => !dead.has(id) || stillCounted.has(id))
      .sort((one, other) => indexedDB.cmp(placeOfRecord(one), placeOfRecord(other)))
      .slice(0, record.unread)
      .filter(({ id }) => dead.has(id));
    records.set(record.id, { ...record, unread: record.unread - recalled.length });
  }
  for (const { id, name, unread, lastTime, role } of conversations) {
    const record = recordAt(id);
    records.set(id, {
      ...record,
      name: name || record.name,
      unread,
      lastTime: Math.max(lastTime, record.lastTime),
      counted: lastTime,
      ...(role && { role }),
    });
  }
  for (const { conversation, time } of marks) {
    const record = recordAt(conversation);
    records.set(conversation, { ...record, mark: Math.max(time, record.mark) });
  }
  for (const { conversation, edge } of edges) {
    records.set(conversation, { ...recordAt(conversation), edge });
  }

  const changed = [...records.values()].filter((record) => {
    const before = desk.conversations.get(record.id);
    return !before || !isEqual(before, record);
  });
  for (const record of changed) {
    const before = desk.conversations.get(record.id);
    const { mark, counted, edge } = record;
    // Of how far we have read nobody sees more than that we have.
    const same = { ...before, mark, counted, ...(before?.edge && edge && { edge }) };
    if (!before || !isEqual(same, record)) touched.add(record.id);
  }
  return { records: changed, touched };
}

/** Whether two plain records say the same. */
function isEqual(one: object, other: object): boolean {
  const sorted = (record: object): string =>
    JSON.stringify(record, (_key, value: unknown) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    );
  return sorted(one) === sorted(other);
}
