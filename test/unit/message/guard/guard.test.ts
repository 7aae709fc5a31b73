import { describe, expect, it } from 'vitest';
import { judgeText } from '../../../../src/message/guard/guard.ts';
import { speaksToAnother } from '../../../../src/message/guard/name.ts';
import { holdsSecret } from '../../../../src/message/guard/secret.ts';
import { hasTwin } from '../../../../src/message/guard/twin.ts';
import { groupCompany } from '../../../../src/message/guard/company.ts';
import { english } from './sample/en.ts';
import { groups, type GroupSample } from './sample/groups.ts';
import { japanese } from './sample/ja.ts';
import { korean } from './sample/ko.ts';
import type { Sample } from './sample/sample.ts';
import { simplified } from './sample/zh-cn.ts';
import { traditional } from './sample/zh-tw.ts';
import { alice, message, team } from '../../history/fixtures.ts';
import type { Entry } from '../../../../src/message/message.ts';
import type { Rule } from '../../../../src/message/guard/rules.ts';

const languages = { english, simplified, traditional, japanese, korean };
const samples = Object.entries(languages);

function judge(text: string, { here, elsewhere }: Sample): Rule[] {
  const sent = { conversation: 'C2Cbob', time: 1000, text };
  return judgeText({ sent, others: [], here: { people: [here], said: [] }, known: elsewhere });
}

/** What is kept of a group: its authors in turn, so that nobody's messages lie together. */
function kept({ wrote, said }: GroupSample): Entry[] {
  const most = Math.max(...wrote.map(([, , times]) => times));
  return Array.from({ length: most }, (_, turn) => wrote.filter(([, , times]) => times > turn))
    .flat()
    .map(([author, authorName], at) => {
      const body = { text: said[at] ?? 'ok' };
      return {
        account: alice,
        ...message(`m${at}`, { conversation: team, author, authorName, body }),
      };
    });
}

function judgeIn(group: GroupSample, text: string): Rule[] {
  const time = 1_700_001_000;
  const here = groupCompany(group.name, kept(group), { author: 'alice', time });
  const sent = { conversation: team, time, text };
  return judgeText({ sent, others: [], here, known: group.known });
}

describe('the guard', () => {
  const told = [
    ...samples.map(([name, sample]) => ({
      name,
      told: sample.ordinary.map((text) => ({ text, broken: judge(text, sample) })),
    })),
    {
      name: 'groups',
      told: groups.flatMap((group) =>
        group.ordinary.map((text) => ({ text, broken: judgeIn(group, text) })),
      ),
    },
  ];
  const wrongOf = (judged: (typeof told)[number]['told']) =>
    judged.filter(({ broken }) => broken.length > 0);

  it.each(told)('gives less than one false alarm in fifty ordinary messages: $name', (one) => {
    const wrong = wrongOf(one.told);
    expect(one.told.length).toBeGreaterThan(100);
    expect(wrong.length / one.told.length, JSON.stringify(wrong)).toBeLessThan(1 / 50);
  });

  it('gives less than one in a hundred over all of them', () => {
    const all = told.flatMap((one) => one.told);
    expect(all.length).toBeGreaterThan(1000);
    expect(wrongOf(all).length / all.length).toBeLessThan(1 / 100);
  });

  it.each(samples)('notices that somebody else is spoken to: %s', (_, sample) => {
    const missed = sample.name.filter((text) => !judge(text, sample).includes('name'));
    expect(missed.length / sample.name.length, missed.join('; ')).toBeLessThan(1 / 10);
  });

  it.each(samples)('notices a secret: %s', (_, sample) => {
    const missed = sample.secret.filter((text) => !judge(text, sample).includes('secret'));
    expect(missed.length / sample.secret.length, missed.join('; ')).toBeLessThan(1 / 10);
  });

  it.each(groups.filter(({ strangers }) => strangers.length > 0))(
    'notices that somebody is spoken to who is not in the group: $name',
    (group) => {
      const missed = group.strangers.filter((text) => !judgeIn(group, text).includes('name'));
      expect(missed).toEqual([]);
    },
  );

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
  const speaks = (text: string, ...others: string[]) => speaksToAnother(text, ['Bob'], others);

  it('is right in the chat with its bearer, by their first name too', () => {
    expect(speaksToAnother('Hi Carol, hello', ['Carol Smith'], ['Bob', 'Carol Jones'])).toBe(false);
    expect(speaksToAnother('田中さん、はい', ['田中 一郎'], ['田中 花子'])).toBe(false);
    expect(speaksToAnother('민수야 뭐해', ['김민수'], ['박민수'])).toBe(false);
  });

  it('that is made of signs that mean something in a pattern is only a name', () => {
    expect(speaks('.*, hello', '.*')).toBe(true);
    expect(speaks('anything, hello', '.*', '(', '[a-z]+')).toBe(false);
  });

  it.each(['', ' ', 'さん', ' さん', '(', '(営業)', '様様', '김', '님', '李 ', '\ufdfa'])(
    'that is hardly one (%j) is nobody’s',
    (name) => {
      expect(speaks('田中さん、a、b (c) 李 님', name)).toBe(false);
    },
  );

  it.each([
    ['田中さん', '田中さん、明日'],
    ['田中(営業)', '田中さん、明日'],
    ['田中　太郎', '田中太郎様、明日'],
    ['민수님', '민수님, 안녕하세요'],
  ])('is found as people note it: %s', (name, text) => {
    expect(speaks(text, name)).toBe(true);
  });

  it.each([
    ['王小姐', '小姐，請問一下'],
    ['林經理', '經理，請簽核'],
    ['王小明', '王小姐，您好'],
    ['박과장', '과장님, 결재 부탁드립니다'],
    ['선생님', '선생님, 질문 있어요'],
    ['陳媽媽', '媽媽，我晚點回家'],
    ['皆さん', '皆さん、こんにちは'],
  ])('is not taken from a title: %s', (name, text) => {
    expect(speaks(text, name)).toBe(false);
  });

  it('takes the particle that Korean has for it', () => {
    expect(speaks('지훈아 뭐해', '김지훈')).toBe(true);
    expect(speaks('지훈야 뭐해', '김지훈')).toBe(false);
    expect(speaks('민수아 뭐해', '박민수')).toBe(false);
  });

  it('in a text of the greatest length costs no time worth mentioning', () => {
    const names = Array.from({ length: 1000 }, (_, at) =>
      at % 2 ? `Name${at} ${'x'.repeat(30)}` : `田中${String.fromCodePoint(0x4e00 + at)}`,
    );
    const before = performance.now();
    for (const text of [
      'hi ',
      '@',
      'おはよう、',
      '田中さん、',
      'name1',
      '안녕하세요 ',
      ' ',
      '、',
    ]) {
      speaksToAnother(text.repeat(4000), ['Bob'], names);
    }
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('a group', () => {
  const sent = { author: 'alice', time: 1_700_001_000 };
  const wrote = (times: Record<string, number>, more: Partial<Entry> = {}): Entry[] =>
    Object.entries(times).flatMap(([author, count]) =>
      Array.from({ length: count }, (_, at) => ({
        account: alice,
        ...message(`${author}${at}`, { conversation: team, author }),
        ...more,
      })),
    );
  const carol = { id: 'carol', name: 'Carol' };
  const warns = (entries: readonly Entry[], text = 'Hi Carol', name = 'Team'): boolean =>
    judgeText({
      sent: { conversation: team, time: sent.time, text },
      others: [],
      here: groupCompany(name, entries, sent),
      known: [carol],
    }).includes('name');

  it('is known when next to nobody writes there for the first time', () => {
    expect(warns(wrote({ bob: 49 }))).toBe(false);
    expect(warns(wrote({ bob: 50 }))).toBe(true);
    expect(warns(wrote({ bob: 90, dave: 1 }))).toBe(false);
    expect(warns(wrote({ bob: 90, dave: 10 }))).toBe(true);
  });

  it('is told of by what others wrote, not by what I did', () => {
    expect(warns(wrote({ alice: 90 }))).toBe(false);
  });

  it('has in it who wrote there, under whatever name', () => {
    expect(warns(wrote({ bob: 60, carol: 2 }, { authorName: 'C.' }))).toBe(false);
  });

  it('may have in it who was spoken of there, also by me, if not just now', () => {
    const spoken = (author: string, time: number) =>
      wrote({ [author]: 1 }, { time, body: { text: 'welcome Carol' } });
    expect(warns([...wrote({ bob: 120 }), ...spoken('dave', sent.time - 9)])).toBe(false);
    expect(warns([...wrote({ bob: 120 }), ...spoken('alice', sent.time - 900)])).toBe(false);
    expect(warns([...wrote({ bob: 120 }), ...spoken('alice', sent.time - 9)])).toBe(true);
  });

  it('that is called after its members has them', () => {
    expect(warns(wrote({ bob: 60 }), 'Hi Carol', 'Bob, Carol, Dave')).toBe(false);
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
