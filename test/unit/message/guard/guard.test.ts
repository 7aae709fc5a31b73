import { describe, expect, it } from 'vitest';
import { judgeText } from '../../../../src/message/guard/guard.ts';
import { speaksToAnother } from '../../../../src/message/guard/name.ts';
import { holdsSecret } from '../../../../src/message/guard/secret.ts';
import { hasTwin } from '../../../../src/message/guard/twin.ts';
import { english } from './sample/en.ts';
import { japanese } from './sample/ja.ts';
import { korean } from './sample/ko.ts';
import type { Person, Sample } from './sample/sample.ts';
import { simplified } from './sample/zh-cn.ts';
import { traditional } from './sample/zh-tw.ts';
import type { Rule } from '../../../../src/message/guard/rules.ts';

const languages = { english, simplified, traditional, japanese, korean };
const samples = Object.entries(languages);

const namesOf = ({ id, name }: Person): string[] => [id, name];

function judge(text: string, { here, elsewhere }: Sample): Rule[] {
  const sent = { conversation: 'C2Cbob', time: 1000, text };
  return judgeText({
    sent,
    others: [],
    here: namesOf(here),
    elsewhere: elsewhere.flatMap(namesOf),
  });
}

describe('the guard', () => {
  const told = samples.map(([name, sample]) => ({
    name,
    told: sample.ordinary.map((text) => ({
      text,
      broken: judge(text, sample).filter((rule) => rule !== 'name'),
    })),
  }));
  const wrongOf = (judged: (typeof told)[number]['told']) =>
    judged.filter(({ broken }) => broken.length > 0);

  it.each(told)('gives less than one false alarm in fifty ordinary messages: $name', (one) => {
    const wrong = wrongOf(one.told);
    expect(one.told.length).toBeGreaterThan(100);
    expect(wrong.length / one.told.length, JSON.stringify(wrong)).toBeLessThan(1 / 50);
  });

  it('gives less than one in a hundred over all of them', () => {
    const all = told.flatMap((one) => one.told);
    expect(all.length).toBeGreaterThan(800);
    expect(wrongOf(all).length / all.length).toBeLessThan(1 / 100);
  });

  it.each(samples)('notices a secret: %s', (_, sample) => {
    const missed = sample.secret.filter((text) => !judge(text, sample).includes('secret'));
    expect(missed.length / sample.secret.length, missed.join('; ')).toBeLessThan(1 / 10);
  });

  it.each([
    'the password issue-42 is open',
    'password todo_list',
    'パス：C:\\users\\x1',
    'パス: src/a2.ts',
  ])('takes no word for a password that only begins like what comes before one: %s', (text) => {
    expect(holdsSecret(text)).toBe(false);
  });

  it('in a text ten times as long as any costs no time worth mentioning', () => {
    const begins = [
      ...['4 ', '-eyJa', 'sk-', 'xoxb', 'password ', 'password for a ', 'otp(', '1234 is your '],
      ...[
        '密码',
        '密碼(a',
        '密码如下 ',
        '1234(',
        'パス',
        'パスは ',
        '482913が',
        '비밀 번호 ',
        '비번:',
      ],
      ...['\n', '以下\n', '-----BEGIN A', 'verification code for a', '١', '\ufdfa'],
    ];
    const before = performance.now();
    for (const begin of begins) holdsSecret(begin.repeat(120_000 / begin.length));
    expect(performance.now() - before).toBeLessThan(5000);
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
