import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { LogView } from '../contract/own-views.ts';
import type { TimeView } from '../contract/views.ts';
import { languageTag } from './locale.ts';
import { receiptWords } from './receipt.ts';
import { Sentence } from './sentence.tsx';
import { clockTime, isoTime, timeOfDay } from './time.ts';
import { kindWords, paragraph, words, wordsAbout, type Words } from './words.ts';
import './log.css';

interface Props {
  readonly line: LogView;
  /** What its conversation is called. */
  readonly name: string;
  /** The time of its account's service; undefined for an account that is gone. */
  readonly time: TimeView | undefined;
  /** This computer's clock, ms. */
  readonly clock: number;
}

/** A recall of mine in the log: where, when, of what, and what was seen of it. */
export function LogLine({ line, name, time, clock }: Props): VNode {
  const here = (server: number): number => (time ? clockTime(time, server) : server);
  const timeOf = (server: number): string => timeOfDay(here(server), clock, languageTag());
  return (
    <>
      <p class="log-head">
        <bdi class="log-name">{name}</bdi>
        <time dateTime={isoTime(here(line.askedAt))}>{timeOf(line.askedAt)}</time>
      </p>
      <p>
        <Sentence of={whatWords(line)} />
      </p>
      <p class={line.outcome.ok ? 'log-seen' : 'log-seen failure'}>
        {paragraph(receiptWords(line, timeOf))}
      </p>
    </>
  );
}

/** What it was, and whose when it was not mine. */
function whatWords({ kind = 'other', of }: LogView): Words {
  const what = kindWords(kind);
  if (of === undefined) return words(what);
  return wordsAbout((slot) => i18n.t('recallLog.from', [what, slot]), of);
}
