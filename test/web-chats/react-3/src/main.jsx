import {
  Chat,
  ChatHeader,
  ConversationList,
  MessageInput,
  MessageList,
  UIKitProvider,
  useConversationListState,
  useLoginState,
} from '@tencentcloud/chat-uikit-react';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { attend } from '../../attendance.ts';
import { readVisit } from '../../visit.ts';
import './page.css';

const visit = readVisit(location.hash);
const language = visit.lang === 'en' ? 'en-US' : 'zh-CN';
document.documentElement.lang = language;
document.title = `${visit.userId} · Chat (React 3)`;

function Messenger() {
  const { login, logout } = useLoginState();
  const { setActiveConversation } = useConversationListState();
  const [state, setState] = useState('Connecting…');

  useEffect(() => {
    const { sdkAppId } = visit;
    const enter = async ({ userId, userSig }) => {
      await login({ SDKAppID: sdkAppId, userID: userId, userSig });
      setState('ready');
      if (visit.conversation !== undefined) setActiveConversation(visit.conversation);
    };
    const leave = async () => {
      setState('Signed out');
      await logout();
    };
    attend(visit, { enter, leave }).catch((error) =>
      setState(`The sign-in was refused: ${error?.code ?? ''} ${error?.message ?? ''}`),
    );
  }, []);

  if (state !== 'ready') return <p className="notice">{state}</p>;
  return (
    <div className="messenger">
      <ConversationList className="conversations" />
      <Chat className="conversation">
        <ChatHeader />
        <MessageList />
        <MessageInput />
      </Chat>
    </div>
  );
}

createRoot(document.getElementById('app')).render(
  <UIKitProvider language={language} theme="light">
    <Messenger />
  </UIKitProvider>,
);
