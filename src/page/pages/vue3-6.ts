import type { ChatPage } from '../chat-page.ts';

/**
 * chat-uikit-vue3 6.x, the sibling of chat-uikit-react 6: the same rows under a list that is named
 * as in chat-uikit-vue. A recalled message loses its id here, too (seen with 6.1.8).
 */
export const vue3v6: ChatPage = {
  name: 'vue3-6',
  rows: '#messageScrollList [data-message-id], #messageScrollList [class*="recalled-message"]:not([class*="recalled-message__"])',
  idAttribute: 'data-message-id',
  idPrefix: '',
  bubble: '[class*="message-bubble"], [class*="text-message"]',
  kept: undefined,
  placeholder: '[class*="recalled-message"]:not([class*="recalled-message__"])',
  reedit: '[class*="recalled-message__button"]',
  scroller: '#messageScrollList',
  composer: '.ProseMirror',
  menu: {
    list: '[role=menu][class*="message-action-dropdown"]',
    item: '[role=menuitem]',
    label: 'span:last-of-type',
  },
};
