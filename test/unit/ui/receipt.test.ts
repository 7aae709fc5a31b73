import { beforeEach, describe, expect, test } from 'vitest';
import type { LogView } from '../../../src/contract/own-views.ts';
import { refusals } from '../../../src/message/recall.ts';
import { languageTag } from '../../../src/ui/locale.ts';
import { receiptWords, recallCsv } from '../../../src/ui/receipt.ts';
import { timeOfDay } from '../../../src/ui/time.ts';
import { refusalWords } from '../../../src/ui/words.ts';
import { locales, speak } from './fake-extension.ts';

const line: LogView = {
  account: '1:alice',
  conversation: 'C2Cbob',
  conversationName: '=HYPERLINK("x")',
  id: 'm1',
  kind: 'text',
  time: 1_795_000_000,
  askedAt: 1_795_000_005_000,
  endedAt: 1_795_000_006_000,
  outcome: { ok: true, at: 1_795_000_006_000 },
};
const clockOf = (_: LogView, server: number): number => server;
const sentence = /^[^$]*\p{L}[^$]*$/u;

describe.each(locales)('in %s', (locale) => {
  beforeEach(() => {
    speak(locale);
  });

  test('a receipt has a sentence for each thing seen, and claims nothing else', () => {
    const bare = receiptWords(line, () => '12:00');
    expect(bare).toHaveLength(2);
    const full = { ...line, verifiedAt: 1, noticedAt: 2, wasRead: true as const };
    const said = receiptWords(full, () => '12:00');
    expect(said).toHaveLength(4);
    for (const one of [...bare, ...said]) expect(one).toMatch(sentence);
    expect(said.filter((one) => one.includes('12:00'))).toHaveLength(3);
    expect(said.at(-1)).not.toBe(bare.at(-1));
    const [, inGroup] = receiptWords({ ...line, readBy: 3 }, () => '12:00');
    expect(inGroup).toMatch(sentence);
    expect(inGroup).toContain('3');
  });

  test('a moment stands in a sentence without a gap before a word that needs none', () => {
    const noon = Date.UTC(2026, 10, 18, 12);
    const untilTime = timeOfDay(noon, noon, languageTag());
    const said = [
      ...receiptWords({ ...line, verifiedAt: 1, noticedAt: 2 }, () => untilTime),
      refusalWords({ why: 'waiting', untilTime }),
      refusalWords({ why: 'waiting', untilTime, isPageMissing: true }),
    ];
    expect(said.filter((one) => one.includes(untilTime))).toHaveLength(5);
    for (const one of said) expect(one).not.toMatch(/\p{Script=Han} \p{Script=Han}/u);
  });

  test.each(refusals)('a refusal’s receipt says why, and gives no old advice: %s', (why) => {
    const [said = '', ...more] = receiptWords({ ...line, outcome: { ok: false, why } }, () => '');
    expect(more).toEqual([]);
    expect(refusalWords({ why }).startsWith(said)).toBe(true);
    expect(said).toMatch(/^[^.。]+[.。]$/u);
    expect(said).not.toMatch(/try|please|请(?!求)|請|ください|하세요/iu);
  });

  test('the log as a file has a head, a line for each recall, and no formula', () => {
    const csv = recallCsv(
      [line, { ...line, of: 'carol', outcome: { ok: false, why: 'stopped' } }],
      clockOf,
    );
    const lines = csv.slice(1).trim().split('\r\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toContain('2026-11-18T');
    expect(lines[1]).toContain(`"'=HYPERLINK(""x"")"`);
    expect(lines[2]).toContain('carol');
    expect(recallCsv([{ ...line, readBy: 7 }], clockOf)).toMatch(/,"?7"?\s*$/u);
  });
});

test('English says it plainly', () => {
  speak('en');
  expect(receiptWords({ ...line, verifiedAt: 1 }, () => '12:00')).toEqual([
    'The service recalled it at 12:00.',
    "It was seen as recalled in the service's own history at 12:00.",
    'Others may have seen it before.',
  ]);
});
