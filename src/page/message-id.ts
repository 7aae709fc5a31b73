import * as v from 'valibot';
import { MessageId } from '../message/message.ts';
import type { ChatPage } from './chat-page.ts';

/** The message's id as the row itself says it. A claim of the page: only its form is checked. */
export function readId(row: Element, page: ChatPage): MessageId | undefined {
  if (page.idAttribute === undefined) return undefined;
  const has = `[${page.idAttribute}]`;
  const named =
    page.idAttribute === 'id' || row.matches(has) ? row : (row.querySelector(has) ?? undefined);
  const written = named?.getAttribute(page.idAttribute) ?? '';
  return written.startsWith(page.idPrefix)
    ? checkId(written.slice(page.idPrefix.length))
    : undefined;
}

/** Whatever a page claims to be a message's id, if it has the form of one. */
export function checkId(claimed: unknown): MessageId | undefined {
  const id = v.safeParse(MessageId, claimed);
  return id.success ? id.output : undefined;
}
