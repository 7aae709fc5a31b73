import { TUIConversationService } from '@tencentcloud/chat-uikit-engine';
import {
  Chat,
  ChatHeader,
  ConversationList,
  MessageInput,
  MessageList,
} from '@tencentcloud/chat-uikit-react';
import '@tencentcloud/chat-uikit-react/dist/esm/index.css';
import { TUILogin } from '@tencentcloud/tui-core';
import { UIKitProvider } from '@tencentcloud/uikit-base-component-react';
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { attend } from '../../attendance.ts';
import { readVisit } from '../../visit.ts';
import './page.css';

const visit = readVisit(location.hash);
const language = visit.lang === 'en' ? 'en-US' : 'zh-CN';
document.title = `${visit.userId} · Chat (React 2)`;

function Messenger() {
  const [state, setState] = useState('Connecting…');

  useEffect(() => {
    const enter = async ({ userId, userSig }) => {
      await TUILogin.login({
        SDKAppID: visit.sdkAppId,
        userID: userId,
        userSig,
        proxyServer: visit.server,
        useUploadPlugin: true,
      });
      setState('ready');
      if (visit.conversation !== undefined) {
        await TUIConversationService.switchConversation(visit.conversation);
      }
    };
    const leave = async () => {
      setState('Signed out');
      await TUILogin.logout();
    };
    attend(visit, { enter, leave }).catch((error) =>
      setState(`The sign-in was refused: ${error?.code ?? ''} ${error?.message ?? ''}`),
    );
  }, []);

  if (state !== 'ready') return <p className="notice">{state}</p>;
  // The provider the kit itself exports is not the one its parts ask (2.3.1).
  return (
    <UIKitProvider language={language} theme="light">
      <div className="messenger">
        <div className="conversations">
          <ConversationList />
        </div>
        <div className="conversation">
          <Chat>
            <ChatHeader />
            <MessageList />
            <MessageInput />
          </Chat>
        </div>
      </div>
    </UIKitProvider>
  );
}

createRoot(document.getElementById('app')).render(<Messenger />);
