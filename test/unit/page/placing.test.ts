// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { placeBeside, startPass } from '../../../src/page/placing.ts';

/** Something that says it lies there, as the page's own layout would have it. */
function at(left: number, top: number, width: number, height: number, className = ''): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  element.getBoundingClientRect = () => new DOMRect(left, top, width, height);
  document.body.append(element);
  return element;
}

it.each([
  ['a page without a button of its own', 'uikit-MessageList-message-layout', 1081 - 6 - 80],
  [
    'a page that shows one there',
    'uikit-message-layout uikit-message-layout--right',
    1081 - 52 - 80,
  ],
])('a control stands beside the message, and leaves room to %s', (_, className, left) => {
  const control = at(0, 0, 80, 24);
  const row = at(300, 680, 960, 40, className);
  const move = placeBeside(control, at(300, 680, 0, 0), at(1081, 686, 179, 37), row, startPass());
  expect(control.style.translate).toBe('');
  move();
  expect(control.style.translate).toBe(`${left - 300}px ${686 + 37 - 24 - 680}px`);
});

it('a control stands beside a line that fills its row, level with it and not over its words', () => {
  const control = at(0, 0, 130, 24);
  const list = at(300, 100, 900, 500);
  const row = at(618, 406, 164, 16);
  list.append(row);
  placeBeside(control, at(618, 406, 0, 0), row, row, startPass())();
  expect(control.style.translate).toBe(`${164 + 6}px ${406 + (16 - 24) / 2 - 406}px`);
});

it('a control stands after a sentence that the page gave no more room than its words, not over it', () => {
  const list = at(320, 0, 940, 600);
  const [before, row, after] = [
    at(320, 380, 940, 21),
    at(708, 405, 165, 21),
    at(320, 430, 940, 21),
  ];
  list.append(before, row, after);
  const control = at(0, 0, 130, 24);
  placeBeside(control, at(708, 405, 0, 0), at(708, 407, 165, 16), row, startPass())();
  expect(control.style.translate).toBe(`${708 + 165 + 6 - 708}px ${407 + (16 - 24) / 2 - 405}px`);
});

it('a question beside a line grows upwards', () => {
  const control = at(0, 0, 130, 60);
  const row = at(300, 400, 900, 21);
  placeBeside(control, at(300, 400, 0, 0), at(308, 402, 165, 16), row, startPass())();
  expect(control.style.translate).toBe(`${308 + 165 + 6 - 300}px ${402 + 16 - 60 - 400}px`);
});

it('a control does not lie over what stands beside a narrow row', () => {
  const list = at(320, 0, 940, 600);
  const [row, beside] = [at(708, 405, 165, 21), at(890, 400, 300, 40)];
  list.append(row, beside);
  const control = at(0, 0, 130, 24);
  placeBeside(control, at(708, 405, 0, 0), at(708, 407, 165, 16), row, startPass())();
  expect(control.style.translate).toBe(`0px ${407 + 16 - 10 - 405}px`);
});
