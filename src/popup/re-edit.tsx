import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { ask } from '../contract/popup-ask.ts';
import type { SentView } from '../contract/views.ts';
import { originOf } from '../message/message.ts';
import { showSite } from '../platform/site-access.ts';
import { words } from '../ui/words.ts';
import type { Host } from './host.ts';

interface Props {
  readonly sent: Pick<SentView, 'account' | 'conversation' | 'id' | 'reeditUntil'>;
  readonly model: Pick<Host, 'announcer' | 'reeditLeft' | 'refresh'>;
}

/**
 * Gives back the words of a message I recalled, for as long as they are kept: copied (used once, they
 * are forgotten here), or in the chat page, whose undo bar puts them into the message box.
 */
export function ReEdit({ sent, model }: Props): VNode | null {
  const isCopied = useSignal(false);
  const isBusy = useSignal(false);
  const left = model.reeditLeft(sent);
  if (left === 0 && !isCopied.value) return null;
  const copy = async (): Promise<void> => {
    if (isBusy.peek() || isCopied.peek()) return;
    isBusy.value = true;
    const { account, conversation, id } = sent;
    try {
      const text = await ask('reedit', { account, conversation, id });
      if (text === undefined) {
        await model.refresh();
        return;
      }
      await navigator.clipboard.writeText(text);
      isCopied.value = true;
      model.announcer.announce(words(i18n.t('popup.copied')));
      // If nobody hears this they go when their time is over.
      ask('reeditDone', { account, conversation, id }).catch(() => undefined);
    } catch {
      model.announcer.announce(words(i18n.t('popup.notCopied')));
    } finally {
      isBusy.value = false;
    }
  };
  const site = originOf(sent.account);
  return (
    <span class="re-edit">
      <button
        type="button"
        class="button"
        aria-disabled={isBusy.value || isCopied.value}
        {...(!isCopied.value && { title: i18n.t('popup.copyHelp', Math.ceil(left / 60_000)) })}
        onClick={() => {
          void copy();
        }}
      >
        {/* It stays where it is: the focus may be on it. */}
        {i18n.t(isCopied.value ? 'popup.copied' : 'popup.copy')}
      </button>
      {site !== undefined && !isCopied.value && (
        <button
          type="button"
          class="button icon"
          aria-label={i18n.t('popup.openChat')}
          title={i18n.t('popup.openChat')}
          onClick={() => {
            void showSite(site);
          }}
        >
          <ToChat />
        </button>
      )}
    </span>
  );
}

function ToChat(): VNode {
  return (
    <svg class="sliders" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M7 3.5H3.5v9h9V9M9.5 2.5h4v4M13.2 2.8 7.5 8.5" />
    </svg>
  );
}
