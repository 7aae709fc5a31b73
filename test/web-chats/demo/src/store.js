import Vue from 'vue';
import Vuex from 'vuex';

Vue.use(Vuex);

/** The demo's state: who is in, the conversations, and the messages of the one on show. */
export function makeStore(tim, TIM) {
  return new Vuex.Store({
    state: {
      isReady: false,
      conversations: [],
      currentConversation: {},
      currentMessageList: [],
      nextReqMessageID: '',
      isCompleted: false,
    },
    mutations: {
      setReady(state, isReady) {
        state.isReady = isReady;
      },
      reset(state) {
        state.isReady = false;
        state.conversations = [];
        state.currentConversation = {};
        state.currentMessageList = [];
      },
      setConversations(state, conversations) {
        state.conversations = conversations;
      },
      setConversation(state, conversation) {
        state.currentConversation = conversation;
        state.currentMessageList = [];
        state.nextReqMessageID = '';
        state.isCompleted = false;
      },
      addHistory(state, { messageList, nextReqMessageID, isCompleted }) {
        state.currentMessageList = [...messageList, ...state.currentMessageList];
        state.nextReqMessageID = nextReqMessageID;
        state.isCompleted = isCompleted;
      },
      pushMessages(state, messages) {
        const { conversationID } = state.currentConversation;
        state.currentMessageList.push(
          ...messages.filter((message) => message.conversationID === conversationID),
        );
      },
      // The SDK marks the objects it handed out, and those are the ones on show, so that Vue sees
      // it by itself; this is for the others.
      markRevoked(state, revoked) {
        const ids = new Set(revoked.map(({ ID }) => ID));
        for (const message of state.currentMessageList) {
          if (ids.has(message.ID)) message.isRevoked = true;
        }
      },
    },
    actions: {
      async checkoutConversation({ commit, dispatch }, conversationID) {
        const { data } = await tim.getConversationProfile(conversationID);
        commit('setConversation', data.conversation);
        await dispatch('getMessageList', conversationID);
        await tim.setMessageRead({ conversationID });
      },
      async getMessageList({ commit, state }, conversationID) {
        const { data } = await tim.getMessageList({
          conversationID,
          nextReqMessageID: state.nextReqMessageID,
          count: 15,
        });
        if (state.currentConversation.conversationID === conversationID) commit('addHistory', data);
      },
      async send({ commit, state }, text) {
        const { conversationID, type } = state.currentConversation;
        const message = tim.createTextMessage({
          to: conversationID.replace(/^(C2C|GROUP)/, ''),
          conversationType: type === 'GROUP' ? TIM.TYPES.CONV_GROUP : TIM.TYPES.CONV_C2C,
          payload: { text },
        });
        commit('pushMessages', [message]);
        await tim.sendMessage(message);
      },
    },
  });
}
