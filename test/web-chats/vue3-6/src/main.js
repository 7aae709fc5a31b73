/* global document, location */
import {
  Chat,
  ChatHeader,
  ConversationList,
  MessageInput,
  MessageList,
  UIKitProvider,
  useChatContext,
  useLoginState,
} from '@tencentcloud/chat-uikit-vue3';
import { createApp, h, ref } from 'vue';

import { attend } from '../../attendance.ts';
import { readVisit } from '../../visit.ts';
import './page.css';

const visit = readVisit(location.hash);
const language = visit.lang === 'en' ? 'en-US' : 'zh-CN';
document.documentElement.lang = language;
document.title = `${visit.userId} · Chat (Vue 3, kit 6)`;

const state = ref('Connecting…');

const Messenger = {
  setup() {
    const { login, logout } = useLoginState();
    const { setActiveConversation } = useChatContext();
    const enter = async ({ userId, userSig }) => {
      await login({ sdkAppId: visit.sdkAppId, userId, userSig });
      state.value = 'ready';
      if (visit.conversation !== undefined) setActiveConversation(visit.conversation);
    };
    const leave = async () => {
      state.value = 'Signed out';
      await logout();
    };
    attend(visit, { enter, leave }).catch((error) => {
      state.value = `The sign-in was refused: ${error?.code ?? ''} ${error?.message ?? ''}`;
    });
    return () =>
      state.value === 'ready'
        ? h('div', { class: 'messenger' }, [
            h(ConversationList, { class: 'conversations' }),
            h(Chat, { class: 'conversation' }, () => [
              h(ChatHeader),
              h(MessageList),
              h(MessageInput),
            ]),
          ])
        : h('p', { class: 'notice' }, state.value);
  },
};

createApp({
  render: () => h(UIKitProvider, { language, theme: 'light' }, () => h(Messenger)),
}).mount('#app');
