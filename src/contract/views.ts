import * as v from 'valibot';
import { AccountId, ConversationId, MessageId, kinds } from '../message/message.ts';
import { rules } from '../message/guard/rules.ts';
import { placeholderStyles } from '../message/manners.ts';
import { placeholderKeys } from '../message/placeholder.ts';
import { RecallOutcome, refusals } from '../message/recall.ts';

/** A sentence for a tombstone: which one, and the names it needs. See `message/placeholder.ts`. */
export const PlaceholderView = v.object({
  key: v.picklist(placeholderKeys),
  who: v.string(),
  whose: v.string(),
});

/** Where the connection stands, as told to people. See `chat/link.ts`. */
export const StateView = v.object({
  name: v.picklist([
    'signed-out',
    'connecting',
    'connected',
    'reconnecting',
    'page-closed',
    'signed-in-elsewhere',
    'signature-expired',
    'refused',
  ]),
  code: v.optional(v.number()),
});
export type StateView = v.InferOutput<typeof StateView>;

/**
 * Server time for somebody who counts down: `serverNow` was true when this computer's clock said
 * `clock` (both ms). Only the difference of later clock readings is used.
 */
export const TimeView = v.object({ serverNow: v.number(), clock: v.number() });
export type TimeView = v.InferOutput<typeof TimeView>;

/** Where a recall stands that was asked for and is not yet forgotten. */
export const ProgressView = v.object({
  state: v.picklist(['asking', 'waiting', 'accepted', 'refused']),
  /** While asking: `unanswered` when a question got no answer and is asked again. */
  why: v.optional(v.picklist(refusals)),
  code: v.optional(v.number()),
  lateBy: v.optional(v.number()),
  /** Server ms; while waiting. */
  until: v.optional(v.number()),
  /** Accepted, and seen as recalled in the service's own history after that. */
  isVerified: v.optional(v.boolean()),
});
export type ProgressView = v.InferOutput<typeof ProgressView>;

/** How long a message may be recalled. Server ms; all missing when it certainly may not be. */
export const SpanView = v.object({
  /** Up to then the service is expected to recall it. */
  until: v.optional(v.number()),
  /** There may well be more time than that. */
  isAtLeast: v.optional(v.boolean()),
  /** After `until` and up to then only the service knows: it is to be asked, not refused. */
  askUntil: v.optional(v.number()),
});
export type SpanView = v.InferOutput<typeof SpanView>;

/** One of my own messages, as the popup lists it. */
export const SentView = v.object({
  id: MessageId,
  account: AccountId,
  conversation: ConversationId,
  /** The peer's or group's name, '' when unknown. */
  conversationName: v.string(),
  kind: v.picklist(kinds),
  /** First words; '' when this computer cannot read them. Gone once recalled. */
  excerpt: v.string(),
  /** Server seconds. */
  time: v.number(),
  ...SpanView.entries,
  progress: v.optional(ProgressView),
  /** Stands in place of it once recalled. */
  placeholder: v.optional(PlaceholderView),
  /** Server ms until which the words of what I recalled can be had back; see `reedit`. */
  reeditUntil: v.optional(v.number()),
  /** Messages with the same number say the same in different conversations. */
  twins: v.optional(v.number()),
});
export type SentView = v.InferOutput<typeof SentView>;

/** A message somebody else recalled (or had recalled), as the popup lists it. */
export const RecalledView = v.object({
  id: MessageId,
  account: AccountId,
  conversation: ConversationId,
  conversationName: v.string(),
  time: v.number(),
  placeholder: PlaceholderView,
  reason: v.optional(v.string()),
});
export type RecalledView = v.InferOutput<typeof RecalledView>;

/** Something that is wrong and that the user should know. */
export const TroubleView = v.picklist([
  'history-blocked',
  'history-newer',
  'history-corrupt',
  'history-full',
  'history-unavailable',
]);
export type TroubleView = v.InferOutput<typeof TroubleView>;

/** One of the accounts there are, and how it is connected. */
export const AccountGlance = v.object({
  id: AccountId,
  state: StateView,
  /** Missing until the service told the time; every account's service has its own. */
  time: v.optional(TimeView),
  /** The groups of which I am known to be the owner or an admin; missing when there are none. */
  powers: v.optional(v.array(v.object({ name: v.string(), role: v.picklist(['owner', 'admin']) }))),
  /**
   * Server ms up to which each of my messages can be recalled that `sent` has no room for; missing when
   * there are none.
   */
  unlisted: v.optional(v.array(v.number())),
});
export type AccountGlance = v.InferOutput<typeof AccountGlance>;

/** Why the key for my last message recalled nothing, or nothing yet; the words for it have these names. */
export const KeyMiss = v.picklist([
  'none',
  'unsure',
  'two',
  'sending',
  'failed',
  'left',
  'unanswered',
  'noMessage',
]);
export type KeyMiss = v.InferOutput<typeof KeyMiss>;

/** For how long the popup is the place to hear what the key did, ms. */
export const keyToldFor = 20_000;

/** What the key for my last message did. Names no word of it. */
export const KeyView = v.object({
  /** When it ended, this computer's clock, ms. */
  at: v.number(),
  /** The message it was about; how that stands, its own view tells. */
  sent: v.optional(v.object({ account: AccountId, id: MessageId })),
  /** Where it was about none. */
  why: v.optional(KeyMiss),
});
export type KeyView = v.InferOutput<typeof KeyView>;

/**
 * All the popup shows, in one piece. The worker keeps the newest one in `storage.session`, so
 * that the popup can show it before the worker is awake.
 */
export const Glance = v.object({
  /** The own sign-in first; empty when nobody is signed in anywhere. */
  accounts: v.array(AccountGlance),
  /**
   * Why there are no accounts: Unsay is on nowhere, no page of a site it is on for is signed in, or the
   * own sign-in ended with the browser. Missing where there are some.
   */
  idle: v.optional(v.picklist(['unused', 'no-page', 'signed-out'])),
  sent: v.array(SentView),
  recalled: v.array(RecalledView),
  trouble: v.optional(TroubleView),
  /** Of a moment ago, for whoever opens the popup to hear of it. */
  key: v.optional(KeyView),
});
export type Glance = v.InferOutput<typeof Glance>;

/** What the worker knows about a message that a page shows. Holds no words. */
export const RowView = v.object({
  id: MessageId,
  conversation: ConversationId,
  /** Whether I wrote it. */
  isMine: v.boolean(),
  /** Whose message it is: asked before recalling somebody else's. */
  author: v.string(),
  ...SpanView.entries,
  /** It might have been recalled by this user, and its time is certainly over. */
  isTooLate: v.optional(v.literal(true)),
  progress: v.optional(ProgressView),
  placeholder: v.optional(PlaceholderView),
  reason: v.optional(v.string()),
  /** Whether the message it quotes was recalled. */
  isQuoteRecalled: v.optional(v.boolean()),
  /** Server ms at which it was recalled, as far as this computer knows. */
  recalledAt: v.optional(v.number()),
  /** Server ms until which its words can be put back into the composer; see `reedit`. */
  reeditUntil: v.optional(v.number()),
});
export type RowView = v.InferOutput<typeof RowView>;

/** A message of mine that a sweep may take. */
export const SweepItem = SentView;
export type SweepItem = SentView;

/** How far a sweep has come. */
export const SweepView = v.object({
  /** Whether nothing of it is under way any more. */
  isOver: v.boolean(),
  /** Whether I stopped it: what was not sent by then is not sent. */
  isStopped: v.boolean(),
  items: v.array(
    v.object({
      account: AccountId,
      id: MessageId,
      /** Missing for a moment, until it is ordered. */
      progress: v.optional(ProgressView),
    }),
  ),
});
export type SweepView = v.InferOutput<typeof SweepView>;

/**
 * What was seen of a recall of mine, each fact with its own evidence, and nothing beyond: what
 * others saw before is not known. Server ms.
 */
export const ReceiptView = v.object({
  askedAt: v.number(),
  endedAt: v.number(),
  /** `at`: the service said that it recalled it. */
  outcome: RecallOutcome,
  /** One to one, the service told that the other party had read it before; missing says nothing. */
  wasRead: v.optional(v.literal(true)),
  /** In a group, how many members are known to have read it before; missing says nothing. */
  readBy: v.optional(v.number()),
  /** Seen as recalled in the service's own history afterwards. */
  verifiedAt: v.optional(v.number()),
  /** The service's notice of it came to a session of mine. */
  noticedAt: v.optional(v.number()),
});
export type ReceiptView = v.InferOutput<typeof ReceiptView>;

/** Whose session the open pages of a site have, as told to people. */
export const SiteStateView = v.variant('name', [
  /** Whoever manages the browser does not allow Unsay on it. */
  v.object({ name: v.literal('forbidden') }),
  /** No page of it runs our scripts: it was opened before the site was turned on, or is not open. */
  v.object({ name: v.literal('no-page') }),
  /** Its pages show no SDK we can reach: signing in is the way there. */
  v.object({ name: v.literal('not-found') }),
  v.object({ name: v.literal('nobody') }),
  v.object({ name: v.literal('user'), user: v.string(), account: AccountId }),
]);
export type SiteStateView = v.InferOutput<typeof SiteStateView>;

/** One of my own messages in the undo bar of a page. */
export const BarMessageView = v.object({
  id: MessageId,
  /** Server seconds. */
  time: v.number(),
  /** Server ms until which it can be recalled; missing when its time is over. */
  until: v.optional(v.number()),
  /** Server ms until which the bar shows it at all. */
  showUntil: v.number(),
  progress: v.optional(ProgressView),
  isRecalled: v.boolean(),
  /** Why it may have gone to the wrong place. */
  warnings: v.array(v.picklist(rules)),
  /** Where it went and how it begins: only on a page of the account that wrote it. */
  own: v.optional(
    v.object({
      account: AccountId,
      conversation: ConversationId,
      /** The peer's or group's name, or its id. */
      name: v.string(),
      kind: v.picklist(kinds),
      /** At most 60 characters; '' when there are none to show. */
      excerpt: v.string(),
      /** Server ms until which its words can be put back; missing when they are not kept. */
      reeditUntil: v.optional(v.number()),
    }),
  ),
  /** Host of the site it was written on, where that is known; elsewhere only. */
  site: v.optional(v.string()),
});
export type BarMessageView = v.InferOutput<typeof BarMessageView>;

/** What the undo bar of one page shows, newest message first. */
export const BarView = v.object({
  time: v.optional(TimeView),
  messages: v.array(BarMessageView),
  /** The key that recalls the last message from anywhere, as the browser writes it. */
  shortcut: v.optional(v.string()),
  /** The conversation that the page said was open, by its name. */
  here: v.optional(v.object({ conversation: ConversationId, name: v.string() })),
});
export type BarView = v.InferOutput<typeof BarView>;

export const PlaceholderStyleView = v.picklist(placeholderStyles);
