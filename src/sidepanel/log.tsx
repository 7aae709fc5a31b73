import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { LogView } from '../contract/own-views.ts';
import { conversationName } from '../popup/excerpt.tsx';
import { Place } from '../popup/place.tsx';
import { languageTag } from '../ui/locale.ts';
import { plainText } from '../ui/plain.ts';
import { receiptWords } from '../ui/receipt.ts';
import { Sentence } from '../ui/sentence.tsx';
import { clockTime, timeOfDay } from '../ui/time.ts';
import { kindWords, placeholderWords } from '../ui/words.ts';
import type { PanelModel } from './model.ts';
import { Moment } from './moment.tsx';

/** My recalls of the last 30 days and what was seen of each; no words of any message. */
export function Log({ model }: { readonly model: PanelModel }): VNode {
  const log = model.log.value;
  if (!log) return <p class="empty">{i18n.t('popup.nothingLoaded')}</p>;
  if (log === 'off') return <p class="empty">{i18n.t('recallLog.off')}</p>;
  if (log.length === 0) return <p class="empty">{i18n.t('panel.logNone')}</p>;
  return (
    <ul class="list" aria-label={i18n.t('panel.log')}>
      {log.map((line) => (
        <Row key={`${line.account} ${line.id} ${line.askedAt}`} line={line} model={model} />
      ))}
    </ul>
  );
}

function Row({ line, model }: { readonly line: LogView; readonly model: PanelModel }): VNode {
  const { account, kind, of, askedAt, outcome } = line;
  const time = model.time(line);
  const whose = plainText(of ?? '', 40);
  const timeOf = (server: number): string =>
    timeOfDay(time ? clockTime(time, server) : server, model.clock.value, languageTag());
  return (
    <li class="row" data-over={true}>
      <div class="row-text">
        <p class="row-head">
          <bdi class="row-name">{conversationName(line)}</bdi>
          <Moment at={askedAt} account={account} model={model} />
        </p>
        <p class="placeholder">
          {outcome.ok ? (
            <Sentence
              of={placeholderWords({ key: whose === '' ? 'you' : 'youFrom', who: '', whose })}
            />
          ) : (
            kind && kindWords(kind)
          )}
        </p>
        {receiptWords(line, timeOf).map((words) => (
          <p key={words} class={outcome.ok ? 'reason' : 'failure'}>
            {words}
          </p>
        ))}
        <Place sent={line} model={model} />
      </div>
    </li>
  );
}
