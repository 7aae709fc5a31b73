import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '../browsers/until.ts';
import { kindOn } from '../web-chats/kinds.ts';
import type { PageName } from '../web-chats/pages.ts';
import { openWorld, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
  await world.signIn('alice');
  const tab = await world.openChat('plain', 'C2Cbob');
  await world.turnOn(tab);
  await tab.close();
});
afterAll(async () => {
  await world.close();
});

/** Where the pointer goes, and how far (px) the middle of another message is above that. */
interface Aim {
  readonly x: number;
  readonly y: number;
  readonly above: number;
}

/** Two messages in sight, in the upper half of a list that can be scrolled; runs in the page. */
function aim(scroller: string, bubbles: string): Aim | undefined {
  const list = document.querySelector(scroller);
  if (!list || list.scrollHeight - list.clientHeight < 100) return undefined;
  const { top, height } = list.getBoundingClientRect();
  const inSight = [...list.querySelectorAll(bubbles)]
    .map((one) => one.getBoundingClientRect())
    .map((box) => ({ x: box.left + box.width / 2, y: box.top + box.height / 2 }))
    .filter(({ y }) => y > top + height * 0.1 && y < top + height * 0.6);
  const [higher, lower] = [inSight.at(-2), inSight.at(-1)];
  return higher && lower && { ...lower, above: lower.y - higher.y };
}

/** Scrolls the list so far (px) up within half a second, as a hand does; runs in the page. */
async function scrollUp(scroller: string, distance: number): Promise<void> {
  const list = document.querySelector(scroller);
  const from = list?.scrollTop ?? 0;
  for (let frame = 1; list && frame <= 30; frame += 1) {
    await new Promise(requestAnimationFrame);
    list.scrollTop = from - (distance * frame) / 30;
  }
}

/** The words of the row there, another than this, where it has a control and no other has; runs in the page. */
function servedAt(rows: string, { x, y }: Aim, other: string): string | undefined {
  const row = document.elementFromPoint(x, y)?.closest<HTMLElement>(rows);
  const controls = [...document.querySelectorAll('[data-unsay=control]:not([data-under])')];
  const isServed = controls.length === 1 && row?.contains(controls[0] ?? null) === true;
  return isServed && row.innerText !== other ? row.innerText : undefined;
}

it.each<PageName>(['plain', 'vue-3'])(
  'where rows were scrolled past a pointer that rests, the last one has the control, in %s',
  async (name) => {
    const { rows, bubble, scroller = '.scroll' } = kindOn(name);
    // Young enough to be recalled until the end.
    for (let i = 0; i < 30; i += 1) {
      world.server.post({ from: 'alice', to: 'C2Cbob', text: `one of many, number ${i}` });
    }
    const tab = await world.openChat(name, 'C2Cbob');
    await tab.setViewport(1100, 560);
    let point: Aim = { x: 0, y: 0, above: 0 };
    // A page that is still loading moves its rows away from under the pointer.
    const before = await until('a control under the pointer, and nowhere else', async () => {
      const next = await tab.evaluate(aim, scroller, bubble);
      if (!next) return;
      point = next;
      await tab.moveTo(point.x, point.y);
      return tab.evaluate(servedAt, rows, point, '');
    });
    await tab.evaluate(scrollUp, scroller, point.above);
    const after = await tab.waitFor(servedAt, {
      args: [rows, point, before],
      what: 'a control on the row that came under the pointer, and nowhere else',
    });
    expect([before, after].map((words) => words.includes('one of many'))).toEqual([true, true]);
    await tab.close();
  },
);
