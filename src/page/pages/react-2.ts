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
  bubble: '.bubble',
  kept: '.message-list-time',
  placeholder: '.message-revoke',
  reedit: '.edit',
  // Its first child names who is quoted; the other is the quoted message (seen with 2.3.1).
  quote: '.meesage-bubble-reply-main > :not(.title)',
  scroller: '.message-list',
  composer: '.input-box textarea',
  menu: { list: '.popup-show > ul', item: '.plugin-item', label: 'span' },
};
