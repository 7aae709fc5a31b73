import * as v from 'valibot';
import { AccountId, ConversationId, MessageId, kinds } from '../message/message.ts';
import { PlaceholderView, ProgressView, ReceiptView, SpanView } from './views.ts';

/** An account as the options page lists it; never with its signature. */
export const AccountView = v.object({
  id: AccountId,
  sdkAppId: v.number(),
  userId: v.string(),
  server: v.optional(v.string()),
  staysSignedIn: v.boolean(),
  windowSeconds: v.number(),
  /** Origins whose pages may have its words, as the user says. */
  sites: v.array(v.string()),
});
export type AccountView = v.InferOutput<typeof AccountView>;

/** One line of the log of my own recalls; holds no words of any message. */
export const LogView = v.object({
  ...ReceiptView.entries,
  account: AccountId,
  conversation: ConversationId,
  /** The peer's or group's name, or their id. */
  conversationName: v.string(),
  id: MessageId,
  kind: v.optional(v.picklist(kinds)),
  /** Whose message it was: a name, or the UserID where that is unknown; missing when it was mine. */
  of: v.optional(v.string()),
  /** When it was sent, server seconds; missing for a message that was never seen to be. */
  time: v.optional(v.number()),
});
export type LogView = v.InferOutput<typeof LogView>;

/** What the user chose for a site; see `platform/page-accounts.ts`. */
export const SiteSettingsView = v.object({
  connectsAlone: v.boolean(),
  staysSignedIn: v.boolean(),
  server: v.optional(v.string()),
});
export type SiteSettingsView = v.InferOutput<typeof SiteSettingsView>;

/** A message found by its words. Only our own pages see it. */
export const HitView = v.object({
  account: AccountId,
  conversation: ConversationId,
  id: MessageId,
  sequence: v.number(),
  /** Server seconds. */
  time: v.number(),
  /** The peer's or group's name, or its id where that is unknown. */
  conversationName: v.string(),
  /** Who wrote it: a name, or the UserID where that is unknown. */
  author: v.string(),
  isMine: v.boolean(),
  kind: v.picklist(kinds),
  /** A piece of its text, with the first thing asked for in it. */
  excerpt: v.string(),
  /** From where to where in `excerpt` each thing asked for stands, UTF-16 units. */
  spots: v.array(v.tuple([v.number(), v.number()])),
});
export type HitView = v.InferOutput<typeof HitView>;

/** What a search found, newest first. */
export const SearchView = v.object({
  hits: v.array(HitView),
  /** Server seconds since which everything was searched; 0 when all that is kept was. */
  since: v.number(),
});
export type SearchView = v.InferOutput<typeof SearchView>;

/** What a search covers, of all accounts. */
export const CoverageView = v.object({
  /** Messages that are kept, and in how many conversations. */
  messages: v.number(),
  conversations: v.number(),
  /** Server seconds of the oldest of them; 0 when there is none. */
  since: v.number(),
  /** Conversations that were not read, or not back as far as messages are kept. */
  missing: v.number(),
  /** Whether those are being read, and how far that is. */
  reading: v.optional(v.object({ done: v.number(), of: v.number() })),
  /** How many of them the last such reading could not read. */
  failed: v.number(),
});
export type CoverageView = v.InferOutput<typeof CoverageView>;

/** A message or placeholder of the kept history. Only our own pages see it. */
export const LineView = v.object({
  account: AccountId,
  conversation: ConversationId,
  id: MessageId,
  sequence: v.number(),
  /** Server seconds. */
  time: v.number(),
  /** Who wrote it: a name, or the UserID where that is unknown. */
  author: v.string(),
  isMine: v.boolean(),
  kind: v.picklist(kinds),
  /** All of its words; '' when this computer cannot read them. Gone once recalled. */
  text: v.string(),
  /** Of my own messages only. */
  ...SpanView.entries,
  progress: v.optional(ProgressView),
  /** Stands in place of it once recalled. */
  placeholder: v.optional(PlaceholderView),
  reason: v.optional(v.string()),
  /** Server ms until which the words of what I recalled can be had back; see `reedit`. */
  reeditUntil: v.optional(v.number()),
});
export type LineView = v.InferOutput<typeof LineView>;

/** A piece of a conversation's kept history, newest first. */
export const PageView = v.object({
  lines: v.array(LineView),
  /** Whether nothing older is kept. */
  isEnd: v.boolean(),
  /**
   * Server seconds from which on everything is known; 0: everything that is to be kept; missing: its
   * newest messages were not read yet. The rest is read on demand, see `readOlder`.
   */
  since: v.optional(v.number()),
  /** How long messages are kept, seconds. */
  keptFor: v.number(),
});
export type PageView = v.InferOutput<typeof PageView>;

/** What became of reading older messages from the service. */
export const OlderView = v.union([
  v.object({ ok: v.literal(true), isWhole: v.boolean() }),
  v.object({
    ok: v.literal(false),
    /** No connection; the service did not answer, or led nowhere; no room to keep them. */
    why: v.picklist(['offline', 'failed', 'full']),
  }),
]);
export type OlderView = v.InferOutput<typeof OlderView>;

/** A conversation of which something is kept, or can be read. */
export const ConversationView = v.object({
  account: AccountId,
  conversation: ConversationId,
  /** The peer's or group's name, or its id where that is unknown. */
  conversationName: v.string(),
  /** Server seconds of its newest message; 0 when it has none. */
  time: v.number(),
  /** Its newest message, without words in discreet mode; missing where none was read yet. */
  last: v.optional(LineView),
});
export type ConversationView = v.InferOutput<typeof ConversationView>;

/** In how many places of each kind a text stands, of all that Unsay keeps. */
export const HoldingView = v.object({
  words: v.number(),
  names: v.number(),
  ids: v.number(),
  /** Settings and the like, on the disk. */
  disk: v.number(),
  /** The popup's last view and the like, in memory until the browser closes. */
  session: v.number(),
});
export type HoldingView = v.InferOutput<typeof HoldingView>;

/** What the user chose about what is kept on this computer. */
export const DataSettings = v.object({
  /** Whether it can be read after the browser was closed: its key lies on the disk then. */
  keepsHistory: v.boolean(),
  /** Days that messages are kept; 0: only what can still be recalled. */
  keptDays: v.number(),
});
export type DataSettings = v.InferOutput<typeof DataSettings>;
