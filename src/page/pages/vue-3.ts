import type { ChatPage } from '../chat-page.ts';

/**
 * chat-uikit-vue 2.x and 3.0.x, chat-uikit-vue2 and chat-uikit-uniapp. A recalled message keeps
 * its row and its id; its contents are replaced by `div.revoke` (seen with 3.0.2).
 */
export const vue3: ChatPage = {
  name: 'vue-3',
  rows: '#messageScrollList [id^="tui-"]',
  idAttribute: 'id',
  idPrefix: 'tui-',
  bubble: '.message-body-content',
  kept: '.message-timestamp',
  placeholder: '.revoke',
  reedit: '.edit',
  // Who is quoted stands in it. The kit itself hides the words only where the quoted message is loaded
  // (from the sources of 2.5.6 and 3.0.2).
  quote: '.reference-content > .max-double-line',
  scroller: '#messageScrollList',
  composer:
    '.message-input-editor-area .ProseMirror, .message-input-editor-area[contenteditable]:not(:has(.ProseMirror))',
  menu: {
    list: '.message-tool .dialog-item-list',
    item: '.list-item',
    label: '.list-item-text',
  },
};
