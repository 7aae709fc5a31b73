import * as v from 'valibot';

/** What Unsay tells outside of the browser's own windows; all of it only where the user said so. */
export const Notices = v.object({
  /** New messages of others, while no chat is looked at. */
  messages: v.fallback(v.boolean(), false),
  /** My own message that can still be recalled, when I turn away from the chat. */
  walkedAway: v.fallback(v.boolean(), false),
});
export type Notices = v.InferOutput<typeof Notices>;

/** One or more choices about it; what is missing stays as it is. */
export const NoticesChange = v.object({
  messages: v.optional(v.boolean()),
  walkedAway: v.optional(v.boolean()),
});
export type NoticesChange = v.InferOutput<typeof NoticesChange>;

/** What is told after a choice. */
export function changedNotices(
  notices: Notices,
  { messages = notices.messages, walkedAway = notices.walkedAway }: NoticesChange,
): Notices {
  return { messages, walkedAway };
}

/** What nobody has set. */
export const defaultNotices: Notices = { messages: false, walkedAway: false };
