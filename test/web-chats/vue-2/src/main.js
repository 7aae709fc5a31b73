/* global document, location */
import { TUIConversationService } from '@tencentcloud/chat-uikit-engine';
import { TUIKit } from '@tencentcloud/chat-uikit-vue/index.ts';
import { TUILogin } from '@tencentcloud/tui-core';
import { createApp, h } from 'vue';

import { attend } from '../../attendance.ts';
import { readVisit } from '../../visit.ts';
import './page.css';

const visit = readVisit(location.hash);
document.documentElement.lang = visit.lang === 'en' ? 'en' : 'zh-CN';
document.title = `${visit.userId} · Chat (Vue 2.x kit)`;

// The kit chooses its language by the SDKAppID it is given: 0 means English, 1400000000 and up
// Chinese. It is not given a user, for then it would log in by itself.
const language = { SDKAppID: visit.lang === 'en' ? 0 : 1_400_000_000 };
createApp({ render: () => h(TUIKit, language) }).mount('#app');

async function enter({ userId, userSig }) {
  await TUILogin.login({
    SDKAppID: visit.sdkAppId,
    userID: userId,
    userSig,
    proxyServer: visit.server,
    useUploadPlugin: true,
    framework: 'vue3',
  });
  if (visit.conversation !== undefined) {
    await TUIConversationService.switchConversation(visit.conversation);
  }
}
await attend(visit, { enter, leave: () => TUILogin.logout() });
