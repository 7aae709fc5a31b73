/* global clearTimeout, setTimeout */
/** Seconds after sending within which a recalled text may be edited again. */
const EDITABLE_SECONDS = 120;

/** One message as a row. It says nowhere in the DOM which message it is. */
export const MessageItem = {
  name: 'MessageItem',
  props: { message: { type: Object, required: true } },
  data: () => ({ isTimeout: false }),
  computed: {
    isMine() {
      return this.message.flow === 'out';
    },
    isGroup() {
      return this.message.conversationType === this.TIM.TYPES.CONV_GROUP;
    },
    position() {
      if (this.message.isRevoked) return 'position-center';
      return this.isMine ? 'position-right' : 'position-left';
    },
    tip() {
      const words = this.$words;
      if (this.isMine) return words.youRecalled;
      return this.isGroup ? words.someoneRecalled(this.message.from) : words.otherRecalled;
    },
    isEditable() {
      return this.isMine && !this.isTimeout && this.message.type === this.TIM.TYPES.MSG_TEXT;
    },
  },
  created() {
    this.countDown();
  },
  beforeDestroy() {
    clearTimeout(this.timer);
  },
  methods: {
    countDown() {
      this.isTimeout = Date.now() / 1000 - this.message.time > EDITABLE_SECONDS;
      if (!this.isTimeout) this.timer = setTimeout(this.countDown, 1000);
    },
    openMenu(event) {
      event.preventDefault();
      if (this.isMine && !this.isTimeout) this.$bus.$emit('open-menu', event, this.message);
    },
  },
  render(h) {
    const { message } = this;
    const layout = this.isGroup ? 'group-layout' : 'c2c-layout';
    const inside = message.isRevoked
      ? h('div', { class: 'group-tip-element-wrapper' }, [
          this.tip,
          h(
            'button',
            {
              class: 'edit-button',
              directives: [{ name: 'show', value: this.isEditable }],
              on: { click: () => this.$bus.$emit('reEditMessage', message.payload.text) },
            },
            [`\u00A0${this.$words.reedit}`],
          ),
        ])
      : h(
          'div',
          {
            class: ['message-content', this.isMine ? 'message-send' : 'message-received'],
            on: { contextmenu: this.openMenu },
          },
          [h('span', { class: 'text-box' }, message.payload.text ?? this.$words.other)],
        );
    const header =
      this.isGroup && !message.isRevoked
        ? [h('div', { class: 'base' }, [h('div', { class: 'name' }, message.nick || message.from)])]
        : [];
    return h('div', { class: ['message-wrapper', this.position] }, [
      h('div', { class: [layout, this.position] }, [
        h('div', { class: 'col-2' }, [
          ...header,
          h('div', { class: 'content-wrapper' }, [h('div', { class: 'chat-bubble' }, [inside])]),
        ]),
        h('div', { class: 'col-3' }),
      ]),
    ]);
  },
};
