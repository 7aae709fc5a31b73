import * as v from 'valibot';
import { AccountId, ConversationId, MessageId, kinds } from '../message/message.ts';
import { placeholderKeys } from '../message/placeholder.ts';
import { refusals } from '../message/recall.ts';

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
  why: v.optional(v.picklist(refusals)),
  code: v.optional(v.number()),
  lateBy: v.optional(v.number()),
  /** Server ms; while waiting. */
  until: v.optional(v.number()),
});
export type ProgressView = v.InferOutput<typeof ProgressView>;

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
  /** Server ms until which it can be recalled; missing when its time is over. */
  until: v.optional(v.number()),
  progress: v.optional(ProgressView),
  /** Stands in place of it once recalled. */
  placeholder: v.optional(PlaceholderView),
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
});
export type AccountGlance = v.InferOutput<typeof AccountGlance>;

/**
 * All the popup shows, in one piece. The worker keeps the newest one in `storage.session`, so
 * that the popup can show it before the worker is awake.
 */
export const Glance = v.object({
  /** The own sign-in first; empty when nobody is signed in anywhere. */
  accounts: v.array(AccountGlance),
  sent: v.array(SentView),
  recalled: v.array(RecalledView),
  trouble: v.optional(TroubleView),
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
  /** Server ms until which I may recall it; missing when I may not. */
  until: v.optional(v.number()),
  progress: v.optional(ProgressView),
  placeholder: v.optional(PlaceholderView),
  reason: v.optional(v.string()),
});
export type RowView = v.InferOutput<typeof RowView>;

/** An account as the options page lists it; never with its signature. */
export const AccountView = v.object({
  id: AccountId,
  sdkAppId: v.number(),
  userId: v.string(),
  server: v.optional(v.string()),
  staysSignedIn: v.boolean(),
  windowSeconds: v.number(),
});
export type AccountView = v.InferOutput<typeof AccountView>;

/** Whose session the open pages of a site have, as told to people. */
export const SiteStateView = v.variant('name', [
  /** No page of it runs our scripts: it was opened before the site was turned on, or is not open. */
  v.object({ name: v.literal('no-page') }),
  /** Its pages show no SDK we can reach: signing in is the way there. */
  v.object({ name: v.literal('not-found') }),
  v.object({ name: v.literal('nobody') }),
  v.object({ name: v.literal('user'), user: v.string(), account: AccountId }),
]);
export type SiteStateView = v.InferOutput<typeof SiteStateView>;

/** What the user chose for a site; see `platform/page-accounts.ts`. */
export const SiteSettingsView = v.object({
  connectsAlone: v.boolean(),
  staysSignedIn: v.boolean(),
  server: v.optional(v.string()),
});
export type SiteSettingsView = v.InferOutput<typeof SiteSettingsView>;
