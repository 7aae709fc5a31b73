import * as v from 'valibot';
import { rules } from '../../message/guard/rules.ts';
import { AccountId, ConversationId, MessageId } from '../../message/message.ts';
import { RecallOutcome } from '../../message/recall.ts';
import { SeatId } from '../seat.ts';
import { BarView, PlaceholderStyleView, RowView, TimeView } from '../views.ts';
import { nothing, type Lines } from './line.ts';

const seated = ['page', 'frame'] as const;

/** A page's session as the page claims it; see `page/session/rider.ts`. */
const PageSession = v.object({
  isFound: v.boolean(),
  app: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(99_999_999_999)),
  user: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(128))),
  isReady: v.boolean(),
});
export type PageSession = v.InferOutput<typeof PageSession>;

/** What only our scripts in chat pages ask: all of it and no more is carried there. */
export const pageLines = {
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
  /**
   * What is known about the messages a page shows. `session` is the user the page itself is signed
   * in as, where that could be seen: a page of somebody else gets nothing.
   */
  look: {
    from: ['page'],
    ask: v.object({
      ids: v.pipe(v.array(MessageId), v.maxLength(2000)),
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
  /**
   * Recalls one of my own messages from a bar, which need not know whose and where it is. A bar that
   * was told names the account: an id that another account has, too, is then not taken for it.
   */
  recallMine: {
    from: ['page'],
    ask: v.object({ id: MessageId, account: v.optional(AccountId) }),
    answer: RecallOutcome,
  },
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
  /** Runs a script with which people act in the page that asks; see `page/hands`, `page/bar`, `page/tools`. */
  summon: { from: ['page'], ask: v.picklist(['hands', 'bar', 'tools']), answer: nothing },
} as const satisfies Lines;
