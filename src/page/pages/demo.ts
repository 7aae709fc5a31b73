import type { ChatPage } from '../chat-page.ts';

/**
 * Tencent's old Vue 2 demo (tim-js-sdk) and the many pages made from it. A row names its message
 * nowhere in the DOM, and is used again for another one when the list changes, as rows are keyed by
 * their place. A recalled message keeps its row; a tip takes the place of the bubble's contents.
 */
export const demo: ChatPage = {
  name: 'demo',
  rows: '.message-list .message-wrapper',
  idAttribute: undefined,
  idPrefix: '',
  bubble: '.message-content',
  kept: undefined,
  placeholder: '.group-tip-element-wrapper',
  reedit: '.edit-button',
  scroller: '.message-list',
  composer: '#message-send-box-wrapper textarea, textarea.text-input',
  menu: {
    list: '.el-dropdown-menu',
    item: '.el-dropdown-menu__item',
    label: undefined,
  },
};
