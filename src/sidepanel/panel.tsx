import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Accounts } from '../popup/header.tsx';
import { openOptions } from '../popup/site.ts';
import { StateNotices } from '../popup/state-notices.tsx';
import { Sweep } from '../popup/sweep.tsx';
import { StatusRegion } from '../ui/announcer.tsx';
import { TroubleNotice } from '../ui/trouble-notice.tsx';
import { UnansweredNotice } from '../ui/unanswered-notice.tsx';
import { Conversation } from './conversation.tsx';
import { Conversations } from './conversations.tsx';
import { Hits } from './hits.tsx';
import { Log } from './log.tsx';
import type { List, PanelModel } from './model.ts';

interface Props {
  readonly model: PanelModel;
}

/** Everything the side panel shows. */
export function Panel({ model }: Props): VNode {
  useEffect(() => {
    // Wherever the focus is: it may have been on something that is gone.
    const listen = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') model.back();
    };
    document.addEventListener('keydown', listen);
    return () => {
      document.removeEventListener('keydown', listen);
    };
  }, []);
  const isDeep = model.reading.value !== undefined;
  return (
    <>
      <header class="top">
        <h1 class="unseen">{i18n.t('app.short')}</h1>
        <Accounts model={model} />
        {!isDeep && <Search model={model} />}
        {!isDeep && !model.finding.isOn && <Lists model={model} />}
      </header>
      <main>
        <Notices model={model} />
        <Shown model={model} />
      </main>
      <StatusRegion announcer={model.announcer} />
    </>
  );
}

/** The innermost thing that is open. */
function Shown({ model }: Props): VNode {
  const refs = model.sweeping.value;
  const reading = model.reading.value;
  if (refs) return <Sweep model={model} refs={refs} />;
  if (reading) return <Conversation key={reading} reading={reading} model={model} />;
  if (model.finding.isOn) return <Hits model={model} />;
  return model.list.value === 'log' ? <Log model={model} /> : <Conversations model={model} />;
}

function Search({ model }: Props): VNode {
  const { finding } = model;
  const field = useRef<HTMLInputElement>(null);
  const clear = (): void => {
    void finding.search('');
    // What had the focus may be gone with what was found.
    field.current?.focus();
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      // That of an input method only takes back what is being composed.
      if (event.key !== 'Escape' || event.isComposing || finding.words.peek() === '') return;
      event.preventDefault();
      clear();
    };
    document.addEventListener('keydown', listen);
    return () => {
      document.removeEventListener('keydown', listen);
    };
  }, []);
  return (
    <search>
      <input
        type="search"
        class="search"
        ref={field}
        aria-label={i18n.t('panel.search')}
        placeholder={i18n.t('panel.search')}
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
        value={finding.words.value}
        onFocus={() => {
          void finding.prepare();
        }}
        onInput={({ currentTarget }) => {
          void finding.search(currentTarget.value);
        }}
      />
      {finding.words.value !== '' && (
        <button
          type="button"
          class="button icon clear"
          // By keyboard Escape does the same, from wherever one is; Tab leads on to what was found.
          tabIndex={-1}
          aria-label={i18n.t('panel.clear')}
          title={i18n.t('panel.clear')}
          onClick={clear}
        >
          <svg class="sliders" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M4 4l8 8M12 4l-8 8" />
          </svg>
        </button>
      )}
    </search>
  );
}

const lists: readonly (readonly [List, () => string])[] = [
  ['conversations', () => i18n.t('panel.conversations')],
  ['log', () => i18n.t('panel.log')],
];

function Lists({ model }: Props): VNode {
  return (
    <nav class="lists">
      {lists.map(([list, label]) => (
        <button
          key={list}
          type="button"
          class="tab"
          aria-current={model.list.value === list ? 'page' : undefined}
          onClick={() => {
            model.show(list);
          }}
        >
          {label()}
        </button>
      ))}
    </nav>
  );
}

/** What is not as it should be, each with what to do about it. */
function Notices({ model }: Props): VNode {
  const { announcer } = model;
  const glance = model.glance.value;
  const trouble = glance?.trouble;
  return (
    <>
      {model.isUnanswered.value && !trouble && (
        <UnansweredNotice announcer={announcer} run={() => model.refresh()} />
      )}
      {/* Who reads a conversation has seen it. */}
      {!model.reading.value && <StateNotices model={model} toOptions={openOptions} />}
      {trouble && <TroubleNotice trouble={trouble} announcer={announcer} />}
    </>
  );
}
