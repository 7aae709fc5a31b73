import type { ChatPage } from '../chat-page.ts';
import { demo } from './demo.ts';
import { plain } from './plain.ts';
import { react2 } from './react-2.ts';
import { react6 } from './react-6.ts';
import { vue3 } from './vue-3.ts';
import { vue3v6 } from './vue3-6.ts';

/** The kinds of chat pages there are. The first that claims a row has it, so `plain` comes last. */
export const allPages: readonly ChatPage[] = [react6, vue3v6, vue3, react2, demo, plain];
