/** What the page says, in both of its languages. */
export interface Words {
  readonly language: string;
  readonly earlier: string;
  readonly noMore: string;
  readonly prompt: string;
  readonly send: string;
  readonly connecting: string;
  readonly refused: string;
  readonly kickedOut: string;
  readonly image: string;
  readonly file: string;
  readonly face: string;
  readonly other: string;
}

export const WORDS: Readonly<Record<'en' | 'zh', Words>> = {
  en: {
    language: 'en',
    earlier: 'Earlier messages',
    noMore: 'No earlier messages',
    prompt: 'Write a message',
    send: 'Send',
    connecting: 'Connecting…',
    refused: 'The sign-in was refused:',
    kickedOut: 'You signed in elsewhere.',
    image: '[Image]',
    file: '[File]',
    face: '[Sticker]',
    other: '[Message]',
  },
  zh: {
    language: 'zh-CN',
    earlier: '更早的消息',
    noMore: '没有更早的消息',
    prompt: '输入消息',
    send: '发送',
    connecting: '正在连接…',
    refused: '登录被拒绝：',
    kickedOut: '您已在其他地方登录。',
    image: '[图片]',
    file: '[文件]',
    face: '[表情]',
    other: '[消息]',
  },
};
