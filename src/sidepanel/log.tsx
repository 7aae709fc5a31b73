import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { conversationName } from '../ui/sent.ts';
import { Place } from '../popup/place.tsx';
import { LogLine } from '../ui/log-line.tsx';
import type { PanelModel } from './model.ts';

/** My recalls of the last 30 days and what was seen of each; no words of any message. */
export function Log({ model }: { readonly model: PanelModel }): VNode {
  const log = model.log.value;
  if (!log) return <p class="empty">{i18n.t('popup.nothingLoaded')}</p>;
  if (log === 'off') return <p class="empty">{i18n.t('recallLog.off')}</p>;
  if (log.length === 0) return <p class="empty">{i18n.t('panel.logNone')}</p>;
  return (
    <ul class="list log" aria-label={i18n.t('panel.log')}>
      {log.map((line) => (
        <li key={`${line.account} ${line.id} ${line.askedAt}`}>
          <LogLine
            line={line}
            name={conversationName(line)}
            time={model.time(line)}
            clock={model.clock.value}
          />
          <Place sent={line} model={model} />
        </li>
      ))}
    </ul>
  );
}
