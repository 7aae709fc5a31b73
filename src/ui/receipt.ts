import { i18n } from '#i18n';
import { csvOf } from '../message/csv.ts';
import type { LogView } from '../contract/own-views.ts';
import type { ReceiptView } from '../contract/views.ts';
import { plainText } from './plain.ts';
import { isoTime } from './time.ts';
import { kindWords, refusalFact } from './words.ts';

/**
 * What was seen of a recall, one sentence for each thing seen, and for an accepted one that others
 * may have seen the message before. `timeOf`: a moment (server ms) as people read it.
 */
export function receiptWords(receipt: ReceiptView, timeOf: (server: number) => string): string[] {
  const { outcome, verifiedAt, noticedAt } = receipt;
  if (!outcome.ok) return [refusalFact(outcome)];
  return [
    i18n.t('receipt.accepted', [timeOf(outcome.at)]),
    ...(verifiedAt === undefined ? [] : [i18n.t('receipt.verified', [timeOf(verifiedAt)])]),
    ...(noticedAt === undefined ? [] : [i18n.t('receipt.noticed', [timeOf(noticedAt)])]),
    readingWords(receipt),
  ];
}

function readingWords({ wasRead, readBy }: ReceiptView): string {
  if (wasRead) return i18n.t('receipt.wasRead');
  return readBy === undefined ? i18n.t('receipt.mayBeSeen') : i18n.t('receipt.readBy', readBy);
}

/** Longest name in a cell, characters. */
const longestName = 100;

/**
 * The log of my recalls as comma-separated text. Times are ISO 8601, UTC. `clockOf`: a moment of
 * the service's clock on this computer's, both ms.
 */
export function recallCsv(
  log: readonly LogView[],
  clockOf: (line: LogView, server: number) => number,
): string {
  const head = [
    i18n.t('recallLog.askedAt'),
    i18n.t('recallLog.endedAt'),
    i18n.t('recallLog.sentAt'),
    i18n.t('recallLog.conversation'),
    i18n.t('recallLog.author'),
    i18n.t('recallLog.kind'),
    i18n.t('recallLog.result'),
    i18n.t('recallLog.verifiedAt'),
    i18n.t('recallLog.noticedAt'),
    i18n.t('recallLog.readBy'),
  ];
  const rows = log.map((line) => {
    const { outcome, time, verifiedAt, noticedAt, kind, of, wasRead, readBy } = line;
    const iso = (server: number | undefined): string =>
      server === undefined ? '' : isoTime(clockOf(line, server));
    return [
      iso(line.askedAt),
      iso(line.endedAt),
      iso(time === undefined ? undefined : time * 1000),
      plainText(line.conversationName, longestName),
      of === undefined ? i18n.t('recallLog.me') : plainText(of, longestName),
      kind === undefined ? '' : kindWords(kind),
      outcome.ok ? i18n.t('recallLog.accepted') : refusalFact(outcome),
      iso(verifiedAt),
      iso(noticedAt),
      String(readBy ?? (wasRead ? 1 : '')),
    ];
  });
  return csvOf([head, ...rows]);
}
