import type { ChatPage } from '../../src/page/chat-page.ts';
import { allPages } from '../../src/page/pages/all.ts';
import type { PageName } from './pages.ts';

/** Which of our kinds each page is; two kits of different ages can be one kind. */
const KINDS: Readonly<Record<PageName, string>> = {
  plain: 'plain',
  'react-2': 'react-2',
  'react-3': 'react-6',
  'react-6': 'react-6',
  'vue-2': 'vue-3',
  'vue-3': 'vue-3',
  'vue3-6': 'vue3-6',
  demo: 'demo',
};

/** The kind of this page, with its selectors. */
export function kindOn(page: PageName): ChatPage {
  const kind = allPages.find(({ name }) => name === KINDS[page]);
  if (!kind) throw new Error(`No kind of pages is called ${KINDS[page]}.`);
  return kind;
}

/** How the menu of a message is opened: by a right click, or by an icon in its row; undefined: the page has none. */
export const menuOpeners: Readonly<
  Record<PageName, 'right' | { readonly icon: string } | undefined>
> = {
  plain: undefined,
  'react-2': { icon: '.icon-more' },
  'react-3': { icon: '[class*="menu-icon"]' },
  'react-6': 'right',
  'vue-2': 'right',
  'vue-3': 'right',
  'vue3-6': 'right',
  demo: 'right',
};
