import { messageIdForm, type MessageId } from '../message/message.ts';
import type { ChatPage } from './chat-page.ts';

/** The message's id as the row itself says it. A claim of the page: only its form is checked. */
export function readId(row: Element, page: ChatPage): MessageId | undefined {
  if (page.idAttribute === undefined) return undefined;
  const { idAttribute } = page;
  const inside = (): Element | null =>
    idAttribute === 'id' ? null : row.querySelector(`[${idAttribute}]`);
  const written = row.getAttribute(idAttribute) ?? inside()?.getAttribute(idAttribute) ?? '';
  return written.startsWith(page.idPrefix)
    ? checkId(written.slice(page.idPrefix.length))
    : undefined;
}

/** Whatever a page claims to be a message's id, if it has the form of one. */
export function checkId(claimed: unknown): MessageId | undefined {
  return typeof claimed === 'string' && messageIdForm.test(claimed) ? claimed : undefined;
}
