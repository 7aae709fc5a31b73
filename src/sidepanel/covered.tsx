import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { CoverageView } from '../contract/own-views.ts';
import { ActionButton } from '../ui/action-button.tsx';
import type { Announcer } from '../ui/announcer.tsx';
import { languageTag } from '../ui/locale.ts';
import type { Finding } from './finding.ts';

interface Props {
  readonly finding: Finding;
  readonly announcer: Announcer;
}

/** What was searched and what was not, and the way to have that read. */
export function Covered({ finding, announcer }: Props): VNode | null {
  const place = useRef<HTMLDivElement>(null);
  const coverage = finding.coverage.value;
  const isShown = coverage !== undefined && finding.hits.value !== undefined;
  const isMissing = isShown && (coverage.missing > 0 || coverage.reading !== undefined);
  const wasIn = useRef(false);
  useEffect(() => {
    // What had the focus is gone when nothing is missing any more.
    if (!isMissing && wasIn.current && document.activeElement === document.body) {
      place.current?.focus();
    }
    wasIn.current = isMissing;
  }, [isMissing]);
  if (!isShown || finding.isGoingOn.value) return null;
  const { reading, missing, failed } = coverage;
  return (
    <div class="covered" tabIndex={-1} ref={place}>
      {coverage.messages > 0 && <p>{coveredWords(coverage)}</p>}
      {reading ? (
        <p>{i18n.t('panel.readingMissing', [String(reading.done), String(reading.of)])}</p>
      ) : (
        missing > 0 && <p>{i18n.t('panel.missing', missing)}</p>
      )}
      {!reading && missing > 0 && failed > 0 && (
        <p class="failure">{i18n.t('panel.missingFailed', failed)}</p>
      )}
      {isMissing && (
        <ActionButton
          label={i18n.t(reading ? 'panel.stopReading' : 'panel.readMissing')}
          announcer={announcer}
          run={() => (reading ? finding.stopReading() : finding.readMissing())}
        />
      )}
    </div>
  );
}

function coveredWords({ messages, conversations, since }: CoverageView): string {
  const language = languageTag();
  const number = new Intl.NumberFormat(language);
  const count = number.format(messages);
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(since * 1000);
  return conversations === 1
    ? i18n.t('panel.searchedOne', messages, [count, date])
    : i18n.t('panel.searched', messages, [count, number.format(conversations), date]);
}

/** How the reading of what was missing ended. */
export function readWords({ missing, failed }: CoverageView): string {
  if (missing === 0) return i18n.t('panel.missingRead');
  return failed > 0 ? i18n.t('panel.missingFailed', failed) : i18n.t('panel.missing', missing);
}
