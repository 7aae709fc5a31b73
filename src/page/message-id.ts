import { messageIdForm, type MessageId } from '../message/message.ts';
import type { ChatPage } from './chat-page.ts';

/** The message's id as the row itself says it. A claim of the page: only its form is checked. */
export function readId(row: Element, page: ChatPage): MessageId | undefined {
  const { idAttribute, idPrefix } = page;
  if (idAttribute === undefined) return undefined;
  let written = row.getAttribute(idAttribute);
  if (written === null && idAttribute !== 'id') {
    written = row.querySelector(`[${idAttribute}]`)?.getAttribute(idAttribute) ?? null;
  }
  return written?.startsWith(idPrefix) ? checkId(written.slice(idPrefix.length)) : undefined;
}

/** Whatever a page claims to be a message's id, if it has the form of one. */
export function checkId(claimed: unknown): MessageId | undefined {
  return typeof claimed === 'string' && messageIdForm.test(claimed) ? claimed : undefined;
}
