import type { ChatPage } from '../chat-page.ts';

/**
 * chat-uikit-react 3.x to 6.x. Class names are `message-layout` in 3.4.7 and
 * `uikit-MessageList-message-layout` in 6.1.7. A recalled message loses its row and its id: a
 * placeholder without any attribute takes its place (seen with 6.1.7).
 */
export const react6: ChatPage = {
  name: 'react-6',
  rows: '#message-list-container [data-message-id], #message-list-container [class*="recalled-message"]:not([class*="recalled-message__"])',
  idAttribute: 'data-message-id',
  idPrefix: '',
  bubble: '[class$="message-bubble"], [class*="message-bubble "], [class*="message-bubble--"]',
  kept: undefined,
  placeholder: '[class*="recalled-message"]:not([class*="recalled-message__"])',
  reedit: '[class*="recalled-message__button"]',
  // Seen with 3.4.7. 6.1.7 draws quotes of a newer SDK only, which holds them apart from what its app
  // says (from its sources).
  quote: '[class*="text-message__reference__content"]',
  scroller: '#message-list-container',
  composer: '[class*="MessageInput"] .ProseMirror, [class*="message-input"] .ProseMirror',
  menu: {
    list: '[class*="message-action-dropdown__content"]',
    item: '[class*="message-action-dropdown__item"]',
    label: '.uikit-view',
  },
};
