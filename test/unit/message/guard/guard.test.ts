import { describe, expect, it } from 'vitest';
import { judgeText } from '../../../../src/message/guard/guard.ts';
import { speaksToAnother } from '../../../../src/message/guard/name.ts';
import { holdsSecret } from '../../../../src/message/guard/secret.ts';
import { hasTwin } from '../../../../src/message/guard/twin.ts';
import { alarming, ordinary, ordinaryZh, people } from './sample.ts';

const judge = (text: string, { here, elsewhere }: (typeof people)[keyof typeof people]) =>
  judgeText({ sent: { conversation: 'C2Cbob', time: 1000, text }, others: [], here, elsewhere });

describe('the guard', () => {
  it('gives less than one false alarm in fifty ordinary messages', () => {
    const judged = [
      ...ordinary.map((text) => ({ text, broken: judge(text, people.bob) })),
      ...ordinaryZh.map((text) => ({ text, broken: judge(text, people.xiaozhang) })),
    ];
    expect(judged.length).toBeGreaterThan(300);
    const wrong = judged.filter(({ broken }) => broken.length > 0);
    expect(wrong.length / judged.length, JSON.stringify(wrong)).toBeLessThan(1 / 50);
  });

  it.each(alarming.name)('notices that somebody else is spoken to: %s', (text) => {
    expect(judge(text, people.bob)).toContain('name');
  });

  it.each(alarming.secret)('notices a secret: %s', (text) => {
    expect(judge(text, people.bob)).toContain('secret');
  });
});

describe('a name', () => {
  it('is right in the chat with its bearer, by their first name too', () => {
    expect(speaksToAnother('Hi Carol, hello', ['Carol Smith'], ['Bob', 'Carol Jones'])).toBe(false);
  });

  it('that is made of signs that mean something in a pattern is only a name', () => {
    expect(speaksToAnother('.*, hello', ['Bob'], ['.*'])).toBe(true);
    expect(speaksToAnother('anything, hello', ['Bob'], ['.*', '(', '[a-z]+'])).toBe(false);
  });

  it('in a text of the greatest length costs no time worth mentioning', () => {
    const names = Array.from({ length: 200 }, (_, at) => `Name${at} ${'x'.repeat(30)}`);
    const before = performance.now();
    speaksToAnother('hi '.repeat(4000), ['Bob'], names);
    holdsSecret('4 '.repeat(6000));
    holdsSecret('password '.repeat(1300));
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('a twin', () => {
  const text = 'I will be ten minutes late';
  const sent = { conversation: 'C2Cbob', time: 1000, text };

  it('is the same text that just went to another conversation', () => {
    const twin = { conversation: 'C2Ccarol', time: 990, text: ` ${text.toUpperCase()}` };
    expect(hasTwin(sent, [twin])).toBe(true);
  });

  it.each([
    ['in the same conversation', { conversation: 'C2Cbob', time: 990, text }],
    ['long ago', { conversation: 'C2Ccarol', time: 900, text }],
    ['later', { conversation: 'C2Ccarol', time: 1010, text }],
    ['another text', { conversation: 'C2Ccarol', time: 990, text: 'something else entirely' }],
  ])('is not what was sent %s', (_, other) => {
    expect(hasTwin(sent, [other])).toBe(false);
  });

  it('is not what people say to everybody', () => {
    const short = { ...sent, text: '好的谢谢' };
    expect(hasTwin(short, [{ ...short, conversation: 'C2Ccarol', time: 995 }])).toBe(false);
  });
});
