import type { ChatPage } from '../chat-page.ts';

/** Any other page that writes the SDK's message id on its rows and does nothing about recalls. */
export const plain: ChatPage = {
  name: 'plain',
  rows: '[data-message-id]',
  idAttribute: 'data-message-id',
  idPrefix: '',
  bubble: '[class*="bubble"]',
  kept: undefined,
  placeholder: undefined,
  reedit: undefined,
  scroller: undefined,
  composer: undefined,
  menu: undefined,
};
