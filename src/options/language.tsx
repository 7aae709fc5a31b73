import { i18n } from '#i18n';
import type { VNode } from 'preact';

/** Which language Unsay speaks. The browser chooses it; an extension cannot ask for another. */
export function Language(): VNode {
  return (
    <section class="card" aria-labelledby="language">
      <h2 id="language">{i18n.t('options.language')}</h2>
      <p>{i18n.t('options.languageIs')}</p>
      <p class="help">{i18n.t('options.languageHelp')}</p>
    </section>
  );
}
