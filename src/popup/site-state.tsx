import { i18n } from '#i18n';
import { useSignal, useSignalEffect, type ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import { ask } from '../contract/popup-ask.ts';
import type { Glance, SiteStateView } from '../contract/views.ts';
import { ActionButton } from '../ui/action-button.tsx';
import type { Announcer } from '../ui/announcer.tsx';
import { Sentence } from '../ui/sentence.tsx';
import { words, wordsAbout } from '../ui/words.ts';
import { openOptions } from './site.ts';

interface Props {
  readonly site: string;
  readonly announcer: Announcer;
  /** Changes whenever a page's session may have. */
  readonly glance: ReadonlySignal<Glance | undefined>;
}

/** Whose session a site that is on gives Unsay, or why it gives none and what to do. */
export function SiteState({ site, announcer, glance }: Props): VNode | null {
  const state = useSignal<SiteStateView | undefined>(undefined);
  useSignalEffect(() => {
    // Asked again with every glance: it is published when a page's session changed.
    if (!glance.value) return;
    ask('siteState', site).then(
      (now) => {
        state.value = now;
      },
      // What the worker does not answer, the popup says elsewhere.
      () => undefined,
    );
  });
  const now = state.value;
  switch (now?.name) {
    case undefined:
    case 'forbidden':
      return null;
    case 'user':
      return (
        <p class="site-help">
          <Sentence of={wordsAbout((slot) => i18n.t('site.user', [slot]), now.user)} />
        </p>
      );
    case 'nobody':
    case 'no-page':
      return (
        <p class="site-help">
          <Sentence of={words(i18n.t(now.name === 'nobody' ? 'site.nobody' : 'site.noPage'))} />
        </p>
      );
    case 'not-found':
      return (
        <div class="site-help">
          <p>{i18n.t('site.notFound')}</p>
          <ActionButton
            label={i18n.t('stateHelp.signIn')}
            announcer={announcer}
            run={() => openOptions()}
          />
        </div>
      );
  }
}
