/* global document, location, window */
import TIM from 'tim-js-sdk';
import Vue from 'vue';

import { attend } from '../../attendance.ts';
import { readVisit } from '../../visit.ts';
import { Chat } from './chat.js';
import './page.css';
import { makeStore } from './store.js';
import { WORDS } from './words.js';

const visit = readVisit(location.hash);
document.documentElement.lang = visit.lang === 'en' ? 'en' : 'zh-CN';
document.title = `${visit.userId} · Chat (Demo)`;

const tim = TIM.create({ SDKAppID: visit.sdkAppId, proxyServer: visit.server });
tim.setLogLevel(4);
const store = makeStore(tim, TIM);

// As the demo does, and most pages made from it.
window.tim = tim;
window.TIM = TIM;
window.store = store;
Vue.prototype.tim = tim;
Vue.prototype.TIM = TIM;
Vue.prototype.$bus = new Vue();
Vue.prototype.$words = WORDS[visit.lang ?? 'en'];

new Vue({ store, render: (h) => h(Chat) }).$mount('#app');

tim.on(TIM.EVENT.SDK_READY, () => {
  store.commit('setReady', true);
  if (visit.conversation !== undefined) {
    void store.dispatch('checkoutConversation', visit.conversation);
  }
});
tim.on(TIM.EVENT.SDK_NOT_READY, () => store.commit('reset'));
tim.on(TIM.EVENT.CONVERSATION_LIST_UPDATED, ({ data }) => store.commit('setConversations', data));
tim.on(TIM.EVENT.MESSAGE_RECEIVED, ({ data }) => store.commit('pushMessages', data));
tim.on(TIM.EVENT.MESSAGE_REVOKED, ({ data }) => store.commit('markRevoked', data));
tim.on(TIM.EVENT.KICKED_OUT, () => store.commit('reset'));

await attend(visit, {
  enter: ({ userId, userSig }) => tim.login({ userID: userId, userSig }),
  leave: () => tim.logout(),
});
