import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { RecalledView } from '../contract/views.ts';
import { languageTag } from '../ui/locale.ts';
import { plainText } from '../ui/plain.ts';
import { Sentence } from '../ui/sentence.tsx';
import { clockTime, isoTime, timeOfDay } from '../ui/time.ts';
import { placeholderWords, wordsAbout } from '../ui/words.ts';
import { conversationName } from '../ui/sent.ts';
import type { PopupModel } from './model.ts';
import { Place } from './place.tsx';

/** What others recalled: that it was recalled, by whom and where; never what it said. */
export function RecalledList({ model }: { readonly model: PopupModel }): VNode {
  const recalled = model.glance.value?.recalled ?? [];
  return (
    <ul class="list">
      {recalled.map((view) => (
        <RecalledRow key={view.id} view={view} model={model} />
      ))}
    </ul>
  );
}

interface Props {
  readonly view: RecalledView;
  readonly model: PopupModel;
}

function RecalledRow({ view, model }: Props): VNode {
  const time = model.time(view);
  const server = view.time * 1000;
  const clock = time ? clockTime(time, server) : server;
  const reason = plainText(view.reason ?? '', 200);
  return (
    <li class="row" data-over={true}>
      <div class="row-text">
        <p class="row-head">
          <bdi class="row-name">{conversationName(view)}</bdi>
          <time class="row-time" dateTime={isoTime(clock)}>
            {timeOfDay(clock, model.clock.value, languageTag())}
          </time>
        </p>
        <p class="placeholder">
          <Sentence of={placeholderWords(view.placeholder)} />
        </p>
        {reason !== '' && (
          <p class="reason">
            <Sentence of={wordsAbout((slot) => i18n.t('popup.reason', [slot]), reason)} />
          </p>
        )}
        <Place sent={view} model={model} />
      </div>
    </li>
  );
}
