import { beforeEach, expect, it } from 'vitest';
import { Draft } from '../../../../src/page/guard/draft.ts';
import { judgeWay, oddWays, ordinaryWays } from './sample.ts';

const [bob, carol] = ['C2Cbob', 'C2Ccarol'];
let draft: Draft;
beforeEach(() => {
  draft = new Draft();
  draft.use(bob, 0);
});

/** Types a text letter by letter, as events tell of it. */
function type(text: string, before = ''): void {
  for (let at = 1; at <= text.length; at += 1) {
    draft.touch(before + text.slice(0, at - 1));
    draft.write(before + text.slice(0, at));
  }
}

it('finds nothing in a message that was written where it went', () => {
  type('hello');
  draft.press(60_000);
  expect(draft.judge(bob, 60_100)).toEqual([]);
});

it('notices that the chat was switched just before', () => {
  draft.see(carol, 60_000);
  type('hi');
  draft.press(61_500);
  expect(draft.judge(carol, 61_700)).toEqual(['switched']);
});

it('gives two seconds for looking where one is', () => {
  draft.see(carol, 60_000);
  type('hi');
  draft.press(62_000);
  expect(draft.judge(carol, 62_100)).toEqual([]);
});

it('notices a chat that was switched so fast that its rows are not known yet', () => {
  draft.use(bob, 59_000);
  draft.use(undefined, 60_000);
  type('hi');
  draft.press(60_000);
  expect(draft.judge(carol, 60_300)).toContain('switched');
});

it('notices a text that was begun in another chat and came along', () => {
  type('for Bob');
  draft.see(carol, 60_000);
  type(', really', 'for Bob');
  draft.press(70_000);
  expect(draft.judge(carol, 70_100)).toEqual(['begun-elsewhere']);
});

it('does not mind drafts that the page keeps for each chat', () => {
  type('for Bob');
  draft.see(carol, 60_000);
  // The page emptied the field, or put Carol's own draft in.
  type('for Carol', '');
  draft.press(70_000);
  expect(draft.judge(carol, 70_100)).toEqual([]);
});

it('judges each text anew', () => {
  type('for Bob');
  draft.press(60_000);
  draft.judge(bob, 60_100);
  draft.see(carol, 61_000);
  type('for Carol');
  draft.press(64_000);
  expect(draft.judge(carol, 64_100)).toEqual([]);
});

it('says nothing of what was sent elsewhere', () => {
  draft.see(carol, 60_000);
  expect(draft.judge(carol, 60_500)).toEqual([]);
  draft.press(61_000);
  expect(draft.judge(carol, 66_500)).toEqual([]);
});

it('says nothing of what another device sends to another chat meanwhile, and keeps the draft in mind', () => {
  type('for Bob');
  draft.press(60_000);
  expect(draft.judge(carol, 61_000)).toEqual([]);
  draft.see(carol, 65_000);
  type(', really', 'for Bob');
  draft.press(70_000);
  expect(draft.judge(carol, 70_100)).toEqual(['begun-elsewhere']);
});

it('does not take the chats a page shows while it opens for a switch', () => {
  draft = new Draft();
  draft.see(carol, 0);
  draft.see(bob, 300);
  draft.use(bob, 800);
  type('hi');
  draft.press(900);
  expect(draft.judge(bob, 1000)).toEqual([]);
});

it('gives less than one false alarm in fifty ordinary ways to write', () => {
  const wrong = ordinaryWays.filter((way) => judgeWay(way).length > 0);
  expect(ordinaryWays.length).toBeGreaterThan(50);
  expect(wrong.length / ordinaryWays.length, wrong.map(({ name }) => name).join('; ')).toBeLessThan(
    1 / 50,
  );
});

it.each(oddWays)('notices a message that was written $name', (way) => {
  expect(judgeWay(way)).toEqual(way.broken);
});
