import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { Sentence } from '../ui/sentence.tsx';
import { wordsAbout } from '../ui/words.ts';

/** Stands in place of the field for a server where whoever manages the browser has set it. */
export function SetServer({ server }: { readonly server: string }): VNode {
  return (
    <div class="notice" data-tone="quiet">
      <p>
        <Sentence of={wordsAbout((slot) => i18n.t('options.serverSet', [slot]), server)} />
      </p>
    </div>
  );
}
