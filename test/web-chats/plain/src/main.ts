import TencentCloudChat, {
  type ChatSDK,
  type Conversation,
  type Message,
} from '@tencentcloud/chat';

import { attend } from '../../attendance.ts';
import { readVisit } from '../../visit.ts';
import { drawRow, element } from './rows.ts';
import { WORDS } from './words.ts';

declare global {
  interface Window {
    /** The page's SDK, in reach of anybody's script, as on many real pages. */
    chat: ChatSDK;
  }
}

interface SdkEvent<Data> {
  readonly data: Data;
}

interface Page {
  readonly messageList: Message[];
  readonly nextReqMessageID: string;
  readonly isCompleted: boolean;
}

const visit = readVisit(location.hash);
const words = WORDS[visit.lang ?? 'en'];

const conversationList = find('.conversations ul', HTMLElement);
const me = find('.me', HTMLElement);
const title = find('.title', HTMLElement);
const scroll = find('.scroll', HTMLElement);
const earlier = find('.earlier', HTMLButtonElement);
const rows = find('.rows', HTMLElement);
const composer = find('.composer', HTMLFormElement);
const input = find('.composer textarea', HTMLTextAreaElement);

let conversations: readonly Conversation[] = [];
/** The conversation on show, and where its earlier messages begin. */
let active = '';
let nextMessageId = '';

document.documentElement.lang = words.language;
document.title = `${visit.userId} · Chat`;
me.textContent = words.connecting;
earlier.textContent = words.earlier;
input.placeholder = words.prompt;
find('.composer button', HTMLElement).textContent = words.send;
composer.hidden = true;

const chat = TencentCloudChat.create({ SDKAppID: visit.sdkAppId, proxyServer: visit.server });
chat.setLogLevel(4);
window.chat = chat;

chat.on(TencentCloudChat.EVENT.SDK_READY, () => {
  start().catch(report);
});
chat.on(TencentCloudChat.EVENT.CONVERSATION_LIST_UPDATED, (event: SdkEvent<Conversation[]>) => {
  conversations = event.data;
  drawConversations();
});
chat.on(TencentCloudChat.EVENT.MESSAGE_RECEIVED, (event: SdkEvent<Message[]>) => {
  for (const message of event.data) if (message.conversationID === active) append(message);
  if (active !== '') chat.setMessageRead({ conversationID: active }).catch(report);
});
chat.on(TencentCloudChat.EVENT.KICKED_OUT, () => {
  me.textContent = words.kickedOut;
});
attend(visit, {
  enter: ({ userId, userSig }) => {
    active = '';
    rows.replaceChildren();
    return chat.login({ userID: userId, userSig });
  },
  leave: () => chat.logout(),
}).catch((error: unknown) => {
  me.textContent = `${words.refused} ${explain(error)}`;
});

earlier.addEventListener('click', () => {
  loadEarlier().catch(report);
});
composer.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = input.value.trim();
  if (text === '') return;
  input.value = '';
  send(text).catch(report);
});
input.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

async function start(): Promise<void> {
  const profile = (await chat.getMyProfile()) as SdkEvent<{ nick: string }>;
  me.textContent = profile.data.nick === '' ? visit.userId : profile.data.nick;
  const list = (await chat.getConversationList()) as SdkEvent<{ conversationList: Conversation[] }>;
  conversations = list.data.conversationList;
  drawConversations();
  // After a reconnect the SDK is ready once more: what is on show stays.
  if (active === '' && visit.conversation !== undefined) await show(visit.conversation);
}

async function show(conversationId: string): Promise<void> {
  active = conversationId;
  nextMessageId = '';
  rows.replaceChildren();
  composer.hidden = false;
  drawConversations();
  await loadEarlier();
  scroll.scrollTop = scroll.scrollHeight;
  const found = (await chat.getConversationProfile(conversationId)) as SdkEvent<{
    conversation: Conversation;
  }>;
  title.textContent = nameOf(found.data.conversation);
  await chat.setMessageRead({ conversationID: conversationId });
}

async function loadEarlier(): Promise<void> {
  const conversationId = active;
  const answer = (await chat.getMessageList({
    conversationID: conversationId,
    ...(nextMessageId === '' ? {} : { nextReqMessageID: nextMessageId }),
  })) as SdkEvent<Page>;
  if (conversationId !== active) return;
  const page = answer.data;
  nextMessageId = page.nextReqMessageID;
  const height = scroll.scrollHeight;
  const known = new Set(Array.from(rows.children, (row) => (row as HTMLElement).dataset.messageId));
  rows.prepend(
    ...page.messageList
      .filter((message) => !known.has(message.ID))
      .map((message) => drawRow(message, words)),
  );
  scroll.scrollTop += scroll.scrollHeight - height;
  earlier.hidden = false;
  earlier.disabled = page.isCompleted;
  earlier.textContent = page.isCompleted ? words.noMore : words.earlier;
}

async function send(text: string): Promise<void> {
  const isGroup = active.startsWith('GROUP');
  const message = chat.createTextMessage({
    to: active.slice(isGroup ? 'GROUP'.length : 'C2C'.length),
    conversationType: isGroup ? TencentCloudChat.TYPES.CONV_GROUP : TencentCloudChat.TYPES.CONV_C2C,
    payload: { text },
  });
  const row = append(message);
  row.classList.add('is-sending');
  try {
    await chat.sendMessage(message);
  } catch (error) {
    row.classList.add('is-failed');
    row.title = explain(error);
  } finally {
    row.classList.remove('is-sending');
  }
}

function append(message: Message): HTMLLIElement {
  const row = drawRow(message, words);
  rows.append(row);
  scroll.scrollTop = scroll.scrollHeight;
  return row;
}

function drawConversations(): void {
  conversationList.replaceChildren(...conversations.map(drawConversation));
}

function drawConversation(conversation: Conversation): HTMLLIElement {
  const name = nameOf(conversation);
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-current', String(conversation.conversationID === active));
  button.append(
    element('span', 'picture', name.slice(0, 1).toUpperCase()),
    element('span', 'name', name),
  );
  if (conversation.unreadCount > 0) {
    button.append(element('span', 'unread', String(conversation.unreadCount)));
  }
  const last = conversation.lastMessage as { messageForShow?: string } | undefined;
  button.append(element('span', 'preview', last?.messageForShow ?? ''));
  button.addEventListener('click', () => {
    show(conversation.conversationID).catch(report);
  });
  const item = document.createElement('li');
  item.append(button);
  return item;
}

function nameOf(conversation: Conversation): string {
  // The SDK leaves the profile of the other kind out (3.6.6), which its types do not say.
  const { userProfile, groupProfile } = conversation as Partial<Conversation>;
  const name = groupProfile?.name ?? userProfile?.nick ?? '';
  return name === '' ? conversation.conversationID.replace(/^(C2C|GROUP)/, '') : name;
}

function explain(error: unknown): string {
  const { code, message } = error as { code?: number; message?: string };
  return `${code ?? ''} ${message ?? ''}`.trim();
}

function report(error: unknown): void {
  console.error(`chat page: ${explain(error)}`);
}

function find<Kind extends HTMLElement>(selector: string, kind: new () => Kind): Kind {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`The page lacks ${selector}.`);
  return found;
}
