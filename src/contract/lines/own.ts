import * as v from 'valibot';
import { Manners, MannersChange } from '../../message/manners.ts';
import { AccountId, ConversationId, MessageId, MessageRef } from '../../message/message.ts';
import { Notices, NoticesChange } from '../../message/notices.ts';
import { ServerAddress } from '../../platform/server-address.ts';
import { Origin } from '../origin.ts';
import {
  AccountView,
  ConversationView,
  CoverageView,
  DataSettings,
  HoldingView,
  LogView,
  OlderView,
  PageView,
  SearchView,
  SiteSettingsView,
} from '../own-views.ts';
import { StateView } from '../views.ts';
import { nothing, own, type Lines } from './line.ts';

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

/** What only our own pages ask, beside what the popup does. */
export const ownLines = {
  /** Signs in on the own link; replaces the account that was signed in. */
  signIn: { from: own, ask: SignIn, answer: SignInAnswer },
  signOut: { from: own, ask: nothing, answer: nothing },
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
  /** Whether Unsay's own sign-in is used on a site: its pages may then have words and names of it. */
  setOwnSite: {
    from: own,
    ask: v.object({ account: AccountId, origin: Origin, isUsed: v.boolean() }),
    answer: nothing,
  },
  siteSettings: { from: own, ask: Origin, answer: SiteSettingsView },
  /**
   * Only what was chosen: another window may know better of the rest, and no older choice may keep a
   * sign-in that is not to be kept any more. No server: Tencent's own.
   */
  setSiteSettings: {
    from: own,
    ask: v.object({
      origin: Origin,
      connectsAlone: v.optional(v.boolean()),
      staysSignedIn: v.optional(v.boolean()),
      server: v.optional(v.nullable(ServerAddress)),
    }),
    answer: nothing,
  },
  /** Forgets everything of this computer's cache; the service keeps its own. */
  forgetAll: { from: own, ask: nothing, answer: nothing },
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
  /** Somebody is about to search: has the words read into memory. */
  warmSearch: { from: own, ask: nothing, answer: nothing },
  coverage: { from: own, ask: nothing, answer: CoverageView },
  /** Begins to read what a search misses. It goes on while somebody asks how far it is. */
  readMissing: { from: own, ask: nothing, answer: nothing },
  stopReading: { from: own, ask: nothing, answer: nothing },
  /** The conversations of all accounts of which something is kept or can be read, the liveliest first. */
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
  /** Reads older messages of a conversation from the service, some at a time. */
  readOlder: {
    from: own,
    ask: v.object({ account: AccountId, conversation: ConversationId }),
    answer: OlderView,
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
  /** My own recalls of the last 30 days, newest first; `off` where a policy forbids the log. */
  recallLog: { from: own, ask: nothing, answer: v.union([v.array(LogView), v.literal('off')]) },
  /** How Unsay behaves in pages. */
  manners: { from: own, ask: nothing, answer: Manners },
  /** Only what was chosen: another window may know better of the rest. */
  setManners: { from: own, ask: MannersChange, answer: nothing },
  /** What is told outside of the browser's own windows. */
  notices: { from: own, ask: nothing, answer: Notices },
  /** Only what was chosen, as before. */
  setNotices: { from: own, ask: NoticesChange, answer: nothing },
} as const satisfies Lines;
