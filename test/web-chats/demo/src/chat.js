/* global document */
import { MessageItem } from './message.js';

/** The list of messages: keyed by place, as in the demo, so that rows are used again. */
const MessageList = {
  name: 'CurrentConversation',
  computed: {
    messages() {
      return this.$store.state.currentMessageList;
    },
  },
  updated() {
    const list = this.$refs.list;
    if (this.shown !== this.messages.length) list.scrollTop = list.scrollHeight;
    this.shown = this.messages.length;
  },
  render(h) {
    const { currentConversation, isCompleted } = this.$store.state;
    const { conversationID } = currentConversation;
    return h('div', { class: 'message-list', ref: 'list' }, [
      isCompleted
        ? h('div', { class: 'no-more' }, this.$words.noMore)
        : h('div', { class: 'more' }, [
            h(
              'button',
              { on: { click: () => this.$store.dispatch('getMessageList', conversationID) } },
              this.$words.more,
            ),
          ]),
      ...this.messages.map((message, index) => h(MessageItem, { key: index, props: { message } })),
    ]);
  },
};

const SendBox = {
  name: 'MessageSendBox',
  data: () => ({ messageContent: '' }),
  mounted() {
    this.$bus.$on('reEditMessage', (text) => {
      this.messageContent = text;
    });
  },
  methods: {
    onKeydown(event) {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      const text = this.messageContent.trim();
      this.messageContent = '';
      if (text !== '') void this.$store.dispatch('send', text);
    },
  },
  render(h) {
    return h('div', { attrs: { id: 'message-send-box-wrapper' } }, [
      h('textarea', {
        class: 'text-input',
        attrs: { rows: 4, placeholder: this.$words.prompt },
        domProps: { value: this.messageContent },
        on: {
          input: ({ target }) => {
            this.messageContent = target.value;
          },
          keydown: this.onKeydown,
        },
      }),
    ]);
  },
};

/** The menu of one message, at the end of the body as element-ui does it. */
const MessageMenu = {
  name: 'MessageMenu',
  data: () => ({ message: undefined, place: {} }),
  mounted() {
    document.body.append(this.$el);
    this.$bus.$on('open-menu', ({ clientX, clientY }, message) => {
      this.message = message;
      this.place = { left: `${clientX}px`, top: `${clientY}px` };
    });
    document.addEventListener('click', () => {
      this.message = undefined;
    });
  },
  methods: {
    recall() {
      const { message } = this;
      this.tim.revokeMessage(message).then(
        () => {
          message.isRevoked = true;
        },
        (error) => this.$bus.$emit('notice', error.message),
      );
    },
  },
  render(h) {
    const isOpen = this.message !== undefined;
    return h(
      'ul',
      {
        class: 'el-dropdown-menu',
        style: this.place,
        directives: [{ name: 'show', value: isOpen }],
      },
      [
        h(
          'li',
          { class: 'el-dropdown-menu__item', on: { click: this.recall } },
          this.$words.recall,
        ),
      ],
    );
  },
};

const ConversationList = {
  name: 'ConversationList',
  render(h) {
    const { conversations, currentConversation } = this.$store.state;
    const row = (conversation) => {
      const { conversationID, userProfile, groupProfile, lastMessage, unreadCount } = conversation;
      const name =
        groupProfile?.name || userProfile?.nick || conversationID.replace(/^(C2C|GROUP)/, '');
      const isChosen = conversationID === currentConversation.conversationID;
      return h(
        'div',
        {
          class: ['conversation-item-container', { choose: isChosen }],
          on: { click: () => this.$store.dispatch('checkoutConversation', conversationID) },
        },
        [
          h('div', { class: 'name' }, name),
          h('div', { class: 'summary' }, [
            unreadCount > 0 ? h('span', { class: 'unread-count' }, unreadCount) : undefined,
            h('span', lastMessage?.messageForShow ?? ''),
          ]),
        ],
      );
    };
    return h('nav', { class: 'conversation-list' }, conversations.map(row));
  },
};

export const Chat = {
  name: 'Index',
  data: () => ({ notice: '' }),
  mounted() {
    this.$bus.$on('notice', (text) => {
      this.notice = text;
    });
  },
  render(h) {
    const { isReady, currentConversation } = this.$store.state;
    if (!isReady) return h('p', { class: 'notice' }, this.$words.signedOut);
    const isOpen = currentConversation.conversationID !== undefined;
    return h('div', { class: 'chat-wrapper' }, [
      h(ConversationList),
      h('main', { class: 'current-conversation' }, [
        h('div', { class: 'header' }, [
          h('div', { class: 'name' }, currentConversation.conversationID ?? ''),
        ]),
        h('div', { class: 'content' }, isOpen ? [h(MessageList)] : []),
        h('div', { class: 'footer' }, isOpen ? [h(SendBox)] : []),
      ]),
      h(MessageMenu),
      h('p', { class: 'el-message' }, this.notice),
    ]);
  },
};
