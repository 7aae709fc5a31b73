import { Draft } from '../../../../src/page/guard/draft.ts';
import type { Rule } from '../../../../src/message/guard/rules.ts';

/**
 * How a message came about: what happened in its page, each with the seconds since the step before.
 * `shows`: the page shows a chat whose rows are known, `opens`: one whose rows are not known yet;
 * `clicks`: somebody clicks beside the message box; `writes`: a text that is in the box then;
 * `clears`: the page empties the box; `sends`: Enter, and the message comes up in that chat.
 */
type Step = readonly [
  wait: number,
  what: 'shows' | 'opens' | 'clicks' | 'writes' | 'clears' | 'sends',
  of?: string,
];

/** A way to write, and what the guard has to say of its last message. */
export interface Way {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly broken: readonly Rule[];
}

const ordinary = (name: string, ...steps: Step[]): Way => ({ name, steps, broken: [] });
const odd = (name: string, broken: readonly Rule[], ...steps: Step[]): Way => ({
  name,
  steps,
  broken,
});

/** Seconds between two steps of somebody quick and of somebody slow. */
const paces = [0.05, 0.2, 0.5, 1, 1.5, 1.9, 2.5, 5, 20, 90];

/** Nothing went to the wrong place in these. */
export const ordinaryWays: readonly Way[] = paces.flatMap((pace) => [
  ordinary(
    `in the chat a page opens, after ${pace} s`,
    [1, 'shows', 'bob'],
    [pace, 'writes', 'hi'],
    [0.3, 'sends', 'bob'],
  ),
  ordinary(
    `in a page that opens with one chat and goes on to another by itself, after ${pace} s`,
    [1, 'shows', 'carol'],
    [0.4, 'shows', 'bob'],
    [pace, 'writes', 'hi'],
    [0.3, 'sends', 'bob'],
  ),
  ordinary(
    `in such a page before the rows of the other chat are known, after ${pace} s`,
    [1, 'shows', 'carol'],
    [0.4, 'opens'],
    [pace, 'writes', 'hi'],
    [0.3, 'sends', 'bob'],
  ),
  ordinary(
    `in a page that is written in before it knows anything, after ${pace} s`,
    [0.5, 'opens'],
    [pace, 'writes', 'h'],
    [0.2, 'shows', 'bob'],
    [0.2, 'writes', 'hi'],
    [0.3, 'sends', 'bob'],
  ),
  ordinary(
    `in the first chat that is chosen from the list, after ${pace} s`,
    [1, 'clicks'],
    [0.3, 'shows', 'bob'],
    [pace, 'writes', 'hi'],
    [0.3, 'sends', 'bob'],
  ),
  ordinary(
    `the first in a chat that was empty, after ${pace} s`,
    [1, 'shows', 'bob'],
    [9, 'clicks'],
    [0.1, 'opens'],
    [2 + pace, 'writes', 'h'],
    [0.1, 'writes', 'hi'],
    [0.3, 'sends', 'carol'],
  ),
  ordinary(
    `after the page drew its rows anew, ${pace} s`,
    [1, 'shows', 'bob'],
    [9, 'clicks'],
    [0.1, 'opens'],
    [pace, 'writes', 'h'],
    [0.1, 'shows', 'bob'],
    [0.1, 'writes', 'hi'],
    [0.3, 'sends', 'bob'],
  ),
  ordinary(
    `one of several in the same chat, ${pace} s apart`,
    [1, 'shows', 'bob'],
    [3, 'writes', 'one'],
    [0.3, 'sends', 'bob'],
    [pace, 'writes', 'two'],
    [0.3, 'sends', 'bob'],
  ),
  ordinary(
    `after a switch and a look around, ${pace} s long`,
    [1, 'shows', 'bob'],
    [9, 'clicks'],
    [0.2, 'shows', 'carol'],
    [2.1 + pace, 'writes', 'hi'],
    [0.3, 'sends', 'carol'],
  ),
  ordinary(
    `where the page keeps a draft for each chat, ${pace} s later`,
    [1, 'shows', 'bob'],
    [5, 'writes', 'for Bob'],
    [1, 'clicks'],
    [0.2, 'clears'],
    [0.1, 'shows', 'carol'],
    [2 + pace, 'writes', 'for Carol'],
    [0.3, 'sends', 'carol'],
  ),
]);

/** These may well have gone to the wrong place. */
export const oddWays: readonly Way[] = paces
  .filter((pace) => pace < 1.6)
  .flatMap((pace) => [
    odd(
      `right after a switch, ${pace} s`,
      ['switched'],
      [1, 'shows', 'bob'],
      [9, 'clicks'],
      [0.2, 'shows', 'carol'],
      [pace, 'writes', 'hi'],
      [0.1, 'sends', 'carol'],
    ),
    odd(
      `right after a switch from the chat a page opened, ${pace} s`,
      ['switched'],
      [1, 'shows', 'bob'],
      [pace, 'clicks'],
      [0.2, 'shows', 'carol'],
      [pace, 'writes', 'hi'],
      [0.1, 'sends', 'carol'],
    ),
    odd(
      `before the rows of the chat are known, ${pace} s`,
      ['switched'],
      [1, 'shows', 'bob'],
      [9, 'clicks'],
      [0.1, 'opens'],
      [pace, 'writes', 'hi'],
      [0.1, 'sends', 'carol'],
    ),
    odd(
      `begun in another chat and carried on, ${pace} s`,
      ['begun-elsewhere'],
      [1, 'shows', 'bob'],
      [5, 'writes', 'for Bob'],
      [1, 'clicks'],
      [0.2, 'shows', 'carol'],
      [2 + pace, 'writes', 'for Bob, really'],
      [0.3, 'sends', 'carol'],
    ),
  ]);

/** What the guard says of the last message of a way. */
export function judgeWay({ steps }: Way): Rule[] {
  const draft = new Draft();
  let now = 0;
  let here: string | undefined;
  let text = '';
  let last: Rule[] = [];
  for (const [wait, what, of] of steps) {
    now += wait * 1000;
    if (what === 'shows') {
      here = `C2C${of ?? ''}`;
      draft.see(here, now);
    } else if (what === 'opens') here = undefined;
    else if (what === 'clears') text = '';
    else {
      draft.use(here, now);
      if (what === 'clicks') draft.press(now);
      else {
        draft.touch(text);
        text = what === 'writes' ? (of ?? '') : '';
        if (what === 'writes') draft.write(text);
        else {
          draft.press(now);
          last = draft.judge(`C2C${of ?? ''}`, now + 150);
        }
      }
    }
  }
  return last;
}
