import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { draw } from './chart.ts';
import { keptNameOf, readKept, renew, type Kept } from './kept.ts';
import { chartNameOf, render } from './results.ts';

const browsers = ['chromium', 'firefox'] as const;
const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');
const text = read(keptNameOf('firefox'));

/** What a text keeps, which must be whole. */
function keptIn(written: string, name: (typeof browsers)[number] = 'firefox'): Kept {
  const reading = readKept(name, written);
  if (!reading.ok) throw new Error(reading.why);
  return reading.kept;
}

/** The file of Firefox with one part changed. */
function withPart(part: keyof Kept, value: unknown): string {
  return JSON.stringify({ ...keptIn(text), [part]: value });
}

describe('what the bench keeps', () => {
  it('gives the results and charts that lie beside it (else: npm run bench -- --render)', async () => {
    const kept = browsers.map((name) => keptIn(read(keptNameOf(name)), name));
    expect(read('RESULTS.md')).toBe(await render(kept));
    for (const one of kept) expect(read(chartNameOf(one))).toBe(draw(one.history));
  });

  it('says of each part when it was measured, and at which commit where that is known', async () => {
    const from = { ...keptIn(text).popup, day: '2027-01-02', commit: 'abc1234 and changes' };
    const told = keptIn(withPart('popup', from));
    expect(await render([told])).toMatch(/^\| popup +\| 2027-01-02 +\| abc1234 and changes +\|/mu);
    expect(await render([keptIn(withPart('popup', { ...from, commit: undefined }))])).toMatch(
      /^\| popup +\| 2027-01-02 \| {3,}\|/mu,
    );
  });

  it('is refused with the place and the way out where a figure is missing or none', () => {
    const { click } = keptIn(text);
    const figures = { ...click.figures, bar: { middle: null, from: 1, to: 2 } };
    const way = 'Measure it: npm run bench -- --firefox --click';
    expect(readKept('firefox', withPart('click', { ...click, figures }))).toEqual({
      ok: false,
      why: `figures-firefox.json, click.figures.bar.middle: Invalid type: Expected number but received null. ${way}`,
    });
    const undated = { ...click, day: undefined };
    for (const damaged of [
      undated,
      { ...click, day: 'lately' },
      { ...click, figures: [] },
      1,
      null,
    ]) {
      expect(readKept('firefox', withPart('click', damaged))).toEqual({
        ok: false,
        why: expect.stringMatching(/^figures-firefox\.json, click[.:].*--click$/u) as unknown,
      });
    }
  });

  it('is refused where it is no JSON object', () => {
    for (const damaged of ['', '{"history": ', 'null', '"history"', text.slice(0, -20)]) {
      const why = 'figures-chromium.json is no JSON object.';
      expect(readKept('chromium', damaged)).toEqual({ ok: false, why });
      expect(() => renew(damaged, 'sizes', keptIn(text).sizes)).toThrow('no JSON object');
    }
  });

  it('is renewed in one part, whatever the others are', () => {
    const { sizes } = keptIn(text);
    const newer = { ...sizes, day: '2027-01-02', figures: { ...sizes.figures, popup: 12_345 } };
    expect(keptIn(renew(text, 'sizes', newer))).toEqual({ ...keptIn(text), sizes: newer });
    const damaged = renew(withPart('page', 'damaged'), 'sizes', newer);
    expect(JSON.parse(damaged)).toEqual({ ...keptIn(text), sizes: newer, page: 'damaged' });
    expect(readKept('firefox', renew('{}', 'sizes', newer))).toMatchObject({ ok: false });
  });

  it('stays as it is when something else than numbers was measured', () => {
    const { sizes } = keptIn(text);
    const figures = { ...sizes.figures, popup: Number.NaN };
    expect(() => renew(text, 'sizes', { ...sizes, figures })).toThrow(/^sizes, popup: .*NaN/u);
  });

  it('comes out of renewing as it went in', () => {
    const { history, worker, popup, sizes, click, page } = keptIn(text);
    let renewed = renew('{}', 'page', page);
    renewed = renew(renewed, 'click', click);
    renewed = renew(renewed, 'history', history);
    renewed = renew(renewed, 'worker', worker);
    renewed = renew(renewed, 'popup', popup);
    expect(renew(renewed, 'sizes', sizes)).toBe(text);
  });
});
