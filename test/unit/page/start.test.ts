import { expect, it } from 'vitest';
import { startPage, type StartOptions } from '../../../src/page/start.ts';

/** What a page of this origin is asked for and answers to, once our script ran in it. */
function start(origin: string): { asked: string[]; seats: number } {
  const seen = { asked: [] as string[], seats: 0 };
  const window = Object.assign(new EventTarget(), { origin }) as unknown as Window;
  const document = Object.assign(new EventTarget(), { hidden: false, readyState: 'complete' });
  const life = new AbortController();
  startPage({
    window,
    document: document as unknown as Document,
    ask: ((question: string) => {
      seen.asked.push(question);
      return Promise.resolve({ decorates: false });
    }) as StartOptions['ask'],
    answerSeat: () => (seen.seats += 1),
    life,
    decorate: () => undefined,
  });
  life.abort();
  return seen;
}

it('takes a seat in a page of a site', () => {
  expect(start('https://chat.example')).toEqual({ asked: ['pageSession'], seats: 1 });
});

it('does nothing in a document that is kept in a sandbox', () => {
  expect(start('null')).toEqual({ asked: [], seats: 0 });
});
