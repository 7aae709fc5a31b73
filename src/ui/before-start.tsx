import { i18n } from '#i18n';
import type { VNode } from 'preact';

/** What a page of ours shows until the user has agreed to what Unsay does. */
export function BeforeStart({ onOpen }: { readonly onOpen: () => void }): VNode {
  return (
    <main class="before">
      <h1>{i18n.t('before.title')}</h1>
      <p>{i18n.t('before.why')}</p>
      <button type="button" class="button main" onClick={onOpen}>
        {i18n.t('before.open')}
      </button>
    </main>
  );
}
