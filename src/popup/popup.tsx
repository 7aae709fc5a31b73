import { i18n } from '#i18n';
import type { RefObject, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { openSidePanel } from '../platform/side-panel.ts';
import { StatusRegion } from '../ui/announcer.tsx';
import { TroubleNotice } from '../ui/trouble-notice.tsx';
import { UnansweredNotice } from '../ui/unanswered-notice.tsx';
import { Accounts } from './header.tsx';
import { KeyHint, SweepKey } from './key-hint.tsx';
import { KeyTold } from './key-told.tsx';
import { LazySweep } from './lazy-sweep.tsx';
import type { PopupModel } from './model.ts';
import { RecallLast } from './recall-last.tsx';
import { RecalledList } from './recalled-list.tsx';
import { SentList } from './sent-list.tsx';
import { SiteSwitch } from './site-switch.tsx';
import { openOptions } from './site.ts';
import { StateNotices } from './state-notices.tsx';

interface Props {
  readonly model: PopupModel;
}

/** Everything the popup shows. */
export function Popup({ model }: Props): VNode {
  const opener = useRef<HTMLButtonElement>(null);
  const isSweeping = model.isSweeping.value;
  useEffect(() => {
    if (!isSweeping) return undefined;
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      // Else the browser would close the popup as well.
      event.preventDefault();
      model.leaveSweep();
    };
    document.addEventListener('keydown', listen);
    return () => {
      document.removeEventListener('keydown', listen);
      // What had the focus there is gone.
      opener.current?.focus();
    };
  }, [isSweeping]);
  return (
    <>
      <header class="top">
        <h1 class="unseen">{i18n.t('app.short')}</h1>
        <Accounts model={model} />
        <button
          type="button"
          class="button icon"
          aria-label={i18n.t('panel.open')}
          title={i18n.t('panel.open')}
          onClick={() => {
            void toSidePanel();
          }}
        >
          <Side />
        </button>
        <button
          type="button"
          class="button icon"
          aria-label={i18n.t('popup.options')}
          title={i18n.t('popup.options')}
          onClick={() => {
            void toOptions();
          }}
        >
          <Sliders />
        </button>
      </header>
      <main>
        <KeyTold model={model} />
        <Notices model={model} />
        {isSweeping ? <LazySweep model={model} /> : <Lists model={model} opener={opener} />}
      </main>
      {!isSweeping && <SiteSwitch model={model} />}
      <StatusRegion announcer={model.announcer} />
    </>
  );
}

/** The last message, what I sent and what others recalled. */
function Lists({
  model,
  opener,
}: Props & { readonly opener: RefObject<HTMLButtonElement | null> }): VNode {
  const hasRecalled = (model.glance.value?.recalled.length ?? 0) > 0;
  return (
    <>
      <RecallLast model={model} />
      <KeyHint model={model} />
      <section aria-labelledby="yours">
        <div class="list-head">
          <h2 id="yours">{i18n.t('popup.yours')}</h2>
          <button
            type="button"
            class="link"
            ref={opener}
            onClick={() => {
              model.sweep();
            }}
          >
            {i18n.t('sweep.open')}
          </button>
          <SweepKey model={model} />
        </div>
        <SentList model={model} />
      </section>
      {hasRecalled && (
        <section aria-labelledby="others">
          <h2 id="others">{i18n.t('popup.others')}</h2>
          <RecalledList model={model} />
        </section>
      )}
    </>
  );
}

/** What is not as it should be, each with what to do about it. */
function Notices({ model }: Props): VNode {
  const { announcer } = model;
  const glance = model.glance.value;
  const trouble = glance?.trouble;
  return (
    <>
      {model.isUnanswered.value && (
        <UnansweredNotice announcer={announcer} run={() => model.refresh()} />
      )}
      <StateNotices model={model} toOptions={toOptions} />
      {trouble && <TroubleNotice trouble={trouble} announcer={announcer} />}
    </>
  );
}

async function toOptions(): Promise<void> {
  await openOptions();
  // Firefox leaves the popup open over the page it opened.
  window.close();
}

async function toSidePanel(): Promise<void> {
  await openSidePanel();
  window.close();
}

function Side(): VNode {
  return (
    <svg class="sliders" viewBox="0 0 16 16" aria-hidden="true">
      <rect x="2" y="3" width="12" height="10" rx="1.5" />
      <path d="M10 3v10" />
    </svg>
  );
}

function Sliders(): VNode {
  return (
    <svg class="sliders" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M2 4.5h5.2M10.8 4.5H14M2 11.5h2.2M7.8 11.5H14" />
      <circle cx="9" cy="4.5" r="1.8" />
      <circle cx="6" cy="11.5" r="1.8" />
    </svg>
  );
}
