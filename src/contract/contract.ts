import * as v from 'valibot';
import { rules } from '../message/guard/rules.ts';
import { Manners } from '../message/manners.ts';
import { AccountId, ConversationId, MessageId, MessageRef } from '../message/message.ts';
import { Notices } from '../message/notices.ts';
import { RecallOutcome } from '../message/recall.ts';
import { ServerAddress } from '../platform/server-address.ts';
import { SeatId } from './seat.ts';
import {
  AccountView,
  BarView,
  ConversationView,
  DataSettings,
  Glance,
  HoldingView,
  LogView,
  PageView,
  PlaceholderStyleView,
  ReceiptView,
  RowView,
  SearchView,
  SiteSettingsView,
  SiteStateView,
  StateView,
  SweepItem,
  SweepView,
  TimeView,
} from './views.ts';

/**
 * Who may ask: our own extension pages; our content script in a page the user turned on; or in a
 * frame of such a site inside of somebody else's page, which may only tell of its session.
 */
export type Caller = 'own' | 'page' | 'frame';

interface Line {
  readonly from: readonly Caller[];
  readonly ask: v.GenericSchema;
  readonly answer: v.GenericSchema;
}

/** An origin as the browser writes it: scheme, host and port only. */
export const Origin = v.pipe(v.string(), v.maxLength(300), v.regex(/^https?:\/\/[^/\s]+$/u));

const SignIn = v.object({
  sdkAppId: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(99_999_999_999)),
  userId: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(128)),
  userSig: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(4096)),
  server: v.optional(ServerAddress),
  staySignedIn: v.boolean(),
});

const SignInAnswer = v.union([
  v.object({ ok: v.literal(true) }),
  /** The state the sign-in ended in, with the service's code when it refused. */
  v.object({ ok: v.literal(false), state: StateView }),
  /** The user has not agreed to what Unsay does: nothing was connected or kept. */
  v.object({ ok: v.literal(false), why: v.literal('no-consent') }),
]);

/** More than anybody sends in a minute; each is one request to the service. */
const SweepRefs = v.pipe(v.array(MessageRef), v.minLength(1), v.maxLength(200));
const SweepAccounts = v.pipe(v.array(AccountId), v.maxLength(50));
const SweepWish = v.variant('of', [
  /** All I sent in the last so many seconds, over all conversations of these accounts. */
  v.object({
    of: v.literal('time'),
    accounts: SweepAccounts,
    seconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(86_400)),
  }),
  /** These messages, as far as they may be recalled. */
  v.object({ of: v.literal('refs'), refs: SweepRefs }),
  /** What says the same as this message in other conversations; to be asked before its recall. */
  v.object({ of: v.literal('twins'), ref: MessageRef, accounts: SweepAccounts }),
]);
const SweepName = v.object({ sweep: v.pipe(v.string(), v.maxLength(40)) });

const nothing = v.undefined();
const own = ['own'] as const;
const seated = ['page', 'frame'] as const;

/** A page's session as the page claims it; see `page/session/rider.ts`. */
const PageSession = v.object({
  isFound: v.boolean(),
  app: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(99_999_999_999)),
  user: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(128))),
  isReady: v.boolean(),
});
export type PageSession = v.InferOutput<typeof PageSession>;

/**
 * All that may be said between contexts. A question reaches its handler only when the envelope is
 * ours, the caller may ask it, and its content fits `ask`.
 */
export const contract = {
  /** Everything the popup shows. */
  glance: { from: own, ask: nothing, answer: Glance },
  /** Recalls one message; the answer is final unless `why` is `waiting`. */
  recall: { from: ['own', 'page'], ask: MessageRef, answer: RecallOutcome },
  /** Signs in on the own link; replaces the account that was signed in. */
  signIn: { from: own, ask: SignIn, answer: SignInAnswer },
  signOut: { from: own, ask: nothing, answer: nothing },
  /** Connects again after being signed in elsewhere, at the user's wish. */
  reconnect: { from: own, ask: nothing, answer: nothing },
  account: { from: own, ask: nothing, answer: v.optional(AccountView) },
  /** The recall window of an account as its app's owner set it in the console, seconds. */
  setWindow: {
    from: own,
    ask: v.object({
      account: AccountId,
      seconds: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(604_800)),
    }),
    answer: nothing,
  },
  /** Origins the user turned on. */
  sites: { from: own, ask: nothing, answer: v.array(Origin) },
  /**
   * Says that the user wants a site on. The page asks the browser for access right after it; the
   * worker turns the site on when the browser grants it, also if the asking popup is gone by then.
   */
  wantSite: { from: own, ask: Origin, answer: nothing },
  /** False without access, without the user's consent, and where a policy is against it. */
  turnSiteOn: { from: own, ask: Origin, answer: v.boolean() },
  turnSiteOff: { from: own, ask: Origin, answer: nothing },
  /** Whose session the open pages of a site have. */
  siteState: { from: own, ask: Origin, answer: SiteStateView },
  siteSettings: { from: own, ask: Origin, answer: SiteSettingsView },
  setSiteSettings: {
    from: own,
    ask: v.object({
      origin: Origin,
      connectsAlone: v.boolean(),
      staysSignedIn: v.boolean(),
      server: v.optional(ServerAddress),
    }),
    answer: nothing,
  },
  /**
   * A page tells whose session it has, and again whenever that changes. Answered with the account
   * that serves it, and whether its rows are decorated.
   */
  pageSession: {
    from: seated,
    ask: v.object({ seat: SeatId, session: v.optional(PageSession), isVisible: v.boolean() }),
    answer: v.object({ account: v.optional(AccountId), decorates: v.boolean() }),
  },
  /** What the page's SDK told since; unchecked, and believed for the page's own account only. */
  pageEvents: {
    from: seated,
    ask: v.object({
      seat: SeatId,
      events: v.pipe(
        v.array(v.object({ name: v.pipe(v.string(), v.maxLength(60)), data: v.unknown() })),
        v.maxLength(100),
      ),
    }),
    /** A seat the worker does not know is to tell its session again. */
    answer: v.object({ isKnown: v.boolean() }),
  },
  /** The page is left; it may come back under the same seat. */
  pageLeft: { from: seated, ask: v.object({ seat: SeatId }), answer: nothing },
  /** Forgets everything of this computer's cache; the service keeps its own. */
  forgetAll: { from: own, ask: nothing, answer: nothing },
  /** Throws a damaged database away and reads the service anew. */
  rebuild: { from: own, ask: nothing, answer: nothing },
  /** Messages by their words, of one account or of all, newest first. */
  search: {
    from: own,
    ask: v.object({
      account: v.optional(AccountId),
      words: v.pipe(v.string(), v.maxLength(200)),
      most: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
      /** The last hit of the answer before: older ones are wanted. */
      before: v.optional(
        v.object({ ...MessageRef.entries, time: v.number(), sequence: v.number() }),
      ),
    }),
    answer: SearchView,
  },
  /** The conversations of all accounts of which something is kept, the liveliest first. */
  conversations: { from: own, ask: nothing, answer: v.array(ConversationView) },
  /** A conversation's kept history, newest first. */
  historyPage: {
    from: own,
    ask: v.object({
      account: AccountId,
      conversation: ConversationId,
      most: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)),
      /** The place before which it begins; need not be that of a message. */
      before: v.optional(v.object({ time: v.number(), sequence: v.number(), id: MessageId })),
    }),
    answer: PageView,
  },
  /** Looks for a text in everything Unsay keeps. */
  searchStore: {
    from: own,
    ask: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
    answer: HoldingView,
  },
  dataSettings: { from: own, ask: nothing, answer: DataSettings },
  /** Keeps history readable after the browser was closed, or not any more, at once. */
  setKeepsHistory: { from: own, ask: v.boolean(), answer: nothing },
  setKeptDays: {
    from: own,
    ask: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(30)),
    answer: nothing,
  },
  /** The user agrees to what Unsay reads, keeps and sends. Before that it does nothing of it. */
  agree: { from: own, ask: nothing, answer: nothing },
  /** Takes the consent back: signs out, turns every site off and forgets what is kept. */
  withdrawConsent: { from: own, ask: nothing, answer: nothing },
  /**
   * What is known about the messages a page shows. `session` is the user the page itself is signed
   * in as, where that could be seen: a page of somebody else gets nothing.
   */
  look: {
    from: ['page'],
    ask: v.object({
      ids: v.pipe(v.array(MessageId), v.maxLength(500)),
      session: v.optional(AccountId),
      /** The conversation the page shows, as far as it knows. */
      here: v.optional(ConversationId),
    }),
    answer: v.object({
      account: v.optional(AccountId),
      time: v.optional(TimeView),
      rows: v.array(RowView),
      /** How recalled messages look on this site; `show` when missing. */
      style: v.optional(PlaceholderStyleView),
    }),
  },
  /** What a sweep would take: only what may be recalled, the nearest deadline first. */
  sweepList: { from: own, ask: SweepWish, answer: v.array(SweepItem) },
  /** Recalls these messages; answered as soon as all are ordered. */
  sweepStart: { from: own, ask: v.object({ refs: SweepRefs }), answer: SweepName },
  /** How far it has come; nothing for one that is not known (any more). */
  sweepState: { from: own, ask: SweepName, answer: v.optional(SweepView) },
  /** Sends nothing more of it; what was sent comes to its end. */
  sweepStop: { from: own, ask: SweepName, answer: nothing },
  /** What was seen of the newest recall of a message of mine in the last 30 days. */
  receiptOf: { from: own, ask: MessageRef, answer: v.optional(ReceiptView) },
  /** My own recalls of the last 30 days, newest first. */
  recallLog: { from: own, ask: nothing, answer: v.array(LogView) },
  /**
   * What the undo bar of a page shows. `session`, `user` and `ids` (messages the page shows) are
   * the page's own word on whose page it is; without it the answer names neither words nor people.
   */
  bar: {
    from: ['page'],
    ask: v.object({
      session: v.optional(AccountId),
      user: v.optional(v.pipe(v.string(), v.maxLength(200))),
      ids: v.pipe(v.array(MessageId), v.maxLength(20)),
      /** The conversation that is open in the page. */
      conversation: v.optional(ConversationId),
    }),
    answer: BarView,
  },
  /** Recalls one of my own messages from a bar, which need not know whose and where it is. */
  recallMine: { from: ['page'], ask: MessageId, answer: RecallOutcome },
  /** Takes messages out of every bar. */
  dismissBar: {
    from: ['page'],
    ask: v.pipe(v.array(MessageId), v.maxLength(20)),
    answer: nothing,
  },
  /** Says that a message of mine looks as if it went to the wrong place, as only its page can see. */
  warnOf: {
    from: ['page'],
    ask: v.object({ id: MessageId, rules: v.pipe(v.array(v.picklist(rules)), v.maxLength(5)) }),
    answer: nothing,
  },
  /** Runs the script with which people act in the page that asks; see `page/hands`. */
  summonHands: { from: ['page'], ask: nothing, answer: nothing },
  /** The words of a message I recalled, while they are kept; see `background/reedit.ts`. */
  reedit: { from: ['own', 'page'], ask: MessageRef, answer: v.optional(v.string()) },
  /** They are where they are wanted: forgets them. */
  reeditDone: { from: ['own', 'page'], ask: MessageRef, answer: nothing },
  /** How Unsay behaves in pages. */
  manners: { from: own, ask: nothing, answer: Manners },
  setManners: { from: own, ask: Manners, answer: nothing },
  /** What is told outside of the browser's own windows. */
  notices: { from: own, ask: nothing, answer: Notices },
  setNotices: { from: own, ask: Notices, answer: nothing },
} as const satisfies Record<string, Line>;

export type Contract = typeof contract;
export type Question = keyof Contract;
export type Asked<Q extends Question> = v.InferOutput<Contract[Q]['ask']>;
export type Answered<Q extends Question> = v.InferOutput<Contract[Q]['answer']>;

/** Where a page asks from. */
interface Place {
  readonly origin: string;
  readonly tab: number;
  /** 0 is the tab's own page. */
  readonly frame: number;
}

/** Who asked, as the browser stamped it. `frame`: inside of a page whose site is not on. */
export type Asker =
  | { readonly kind: 'own' }
  | ({ readonly kind: 'page' } & Place)
  | ({ readonly kind: 'frame' } & Place);

/** What the worker tells open pages; each says only *what* changed, and whoever cares asks again. */
export const News = v.variant('kind', [
  /** Something in the glance changed (own pages only). */
  v.object({ kind: v.literal('glance') }),
  /** These messages changed: recalled, in the middle of a recall, or new. */
  v.object({ kind: v.literal('rows'), ids: v.array(MessageId) }),
  /** The account, its connection or its window changed: everything must be looked up again. */
  v.object({ kind: v.literal('account') }),
  /** The site was turned off: take everything out of the page and leave. */
  v.object({ kind: v.literal('leave') }),
]);
export type News = v.InferOutput<typeof News>;
