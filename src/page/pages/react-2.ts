import type { ChatPage } from '../chat-page.ts';

/**
 * chat-uikit-react 2.x. The row stays when its message is recalled; the element that held the id
 * goes (from the sources of 2.3.1).
 */
export const react2: ChatPage = {
  name: 'react-2',
  rows: '.message-list li.message-list-item',
  idAttribute: 'data-message-id',
  idPrefix: '',
  bubble: '.bubble, [data-message-id]',
  kept: '.message-list-time',
  placeholder: '.message-revoke',
  reedit: '.edit',
  scroller: '.message-list',
  composer: { field: '.input-box textarea', takes: 'input' },
  menu: {
    list: '.plugin-item .message-plugin-box',
    item: '.message-plugin-item',
    label: 'span',
    row: 'around',
  },
};
