/** What the page says: the demo's own words, and the same in English. */
export const WORDS = {
  en: {
    more: 'Earlier messages',
    noMore: 'No earlier messages',
    prompt: 'Write a message',
    recall: 'Recall',
    reedit: 'Re-edit',
    youRecalled: 'You recalled a message',
    otherRecalled: 'The other party recalled a message',
    someoneRecalled: (name) => `${name} recalled a message`,
    signedOut: 'Not signed in',
    other: '[Message]',
  },
  zh: {
    more: '查看更多',
    noMore: '没有更多了',
    prompt: '请输入消息',
    recall: '撤回',
    reedit: '重新编辑',
    youRecalled: '你撤回了一条消息',
    otherRecalled: '对方撤回了一条消息',
    someoneRecalled: (name) => `${name}撤回了一条消息`,
    signedOut: '未登录',
    other: '[消息]',
  },
};
