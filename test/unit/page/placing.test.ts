// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { placeBeside, startPass, type Pass } from '../../../src/page/placing.ts';

/** Something that says it lies there, as the page's own layout would have it. */
function at(left: number, top: number, width: number, height: number, className = ''): HTMLElement {
  const element = document.createElement('div');
  element.className = className;
  element.getBoundingClientRect = () => new DOMRect(left, top, width, height);
  Object.defineProperty(element, 'clientWidth', { value: width });
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
  const move = placeBeside(
    control,
    at(300, 680, 0, 0),
    at(1081, 686, 179, 37),
    row,
    startPass(() => []),
  );
  expect(control.style.translate).toBe('');
  move();
  expect(control.style.translate).toBe(`${left - 300}px ${686 + 37 - 24 - 680}px`);
});

it.each(['uikit-MessageList-message-layout__status', 'message-label unread'])(
  'a control covers nothing that the page writes beside the message (%s)',
  (className) => {
    const control = at(0, 0, 80, 24);
    const row = at(300, 680, 960, 40, 'uikit-MessageList-message-layout');
    row.append(at(1034, 700, 43, 18, className));
    placeBeside(
      control,
      at(300, 680, 0, 0),
      at(1081, 686, 179, 37),
      row,
      startPass(() => []),
    )();
    expect(control.style.translate).toBe(`${1034 - 6 - 80 - 300}px ${686 + 37 - 24 - 680}px`);
  },
);

it('a control stands beside a line that fills its row, level with it and not over its words', () => {
  const control = at(0, 0, 130, 24);
  const list = at(300, 100, 900, 500);
  const row = at(618, 406, 164, 16);
  list.append(row);
  placeBeside(
    control,
    at(618, 406, 0, 0),
    row,
    row,
    startPass(() => []),
  )();
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
  placeBeside(
    control,
    at(708, 405, 0, 0),
    at(708, 407, 165, 16),
    row,
    startPass(() => []),
  )();
  expect(control.style.translate).toBe(`${708 + 165 + 6 - 708}px ${407 + (16 - 24) / 2 - 405}px`);
});

it('a question beside a line grows upwards', () => {
  const control = at(0, 0, 130, 60);
  const row = at(300, 400, 900, 21);
  placeBeside(
    control,
    at(300, 400, 0, 0),
    at(308, 402, 165, 16),
    row,
    startPass(() => []),
  )();
  expect(control.style.translate).toBe(`${308 + 165 + 6 - 300}px ${402 + 16 - 60 - 400}px`);
});

it('a control does not lie over what stands beside a narrow row', () => {
  const list = at(320, 0, 940, 600);
  const [row, beside] = [at(708, 405, 165, 21), at(890, 400, 300, 40)];
  list.append(row, beside);
  const control = at(0, 0, 130, 24);
  placeBeside(
    control,
    at(708, 405, 0, 0),
    at(708, 407, 165, 16),
    row,
    startPass(() => []),
  )();
  expect(control.style.translate).toBe(`0px ${407 + 16 - 10 - 405}px`);
});

describe('of controls on rows that lie close', () => {
  const list = at(300, 100, 900, 500);
  /** Where this control is put beside this message of mine, in a row as high as that. */
  const put = (message: DOMRect, size: [number, number], pass: Pass): (() => DOMRect) => {
    const control = at(0, 0, ...size);
    const row = at(300, message.top, 900, message.height);
    list.append(row);
    const { left, top, width, height } = message;
    const move = placeBeside(control, at(300, top, 0, 0), at(left, top, width, height), row, pass);
    return () => {
      move();
      const [x = NaN, y = NaN] = control.style.translate.split(' ').map(Number.parseFloat);
      return new DOMRect(300 + x, top + y, ...size);
    };
  };
  const isOver = (one: DOMRect, other: DOMRect): boolean =>
    one.left < other.right &&
    other.left < one.right &&
    one.top < other.bottom &&
    other.top < one.bottom;
  /** Messages of mine, each so many pixels wide, one line each and close together. */
  const messages = (...widths: number[]): DOMRect[] =>
    widths.map((width, at) => new DOMRect(1190 - width, 300 + at * 28, width, 26));
  const button: [number, number] = [90, 24];
  const reason: [number, number] = [280, 76];

  it('a reason covers neither the control above nor that below, nor the messages there', () => {
    const all = messages(60, 120, 60, 320, 60);
    const pass = startPass(() => all);
    const [above, ...others] = all.map((one, at) => put(one, at === 2 ? reason : button, pass));
    const boxes = [above, ...others].map((place) => place?.() ?? new DOMRect());
    const [tall] = boxes.splice(2, 1);
    for (const one of [...boxes, ...all]) expect(isOver(tall ?? new DOMRect(), one)).toBe(false);
  });

  it('a reason stays where it is told when nothing lies there', () => {
    const [one] = messages(60);
    const pass = startPass(() => messages(60));
    expect(put(one ?? new DOMRect(), reason, pass)().right).toBe(1190 - 60 - 6);
  });

  it('a reason rather covers words than it goes far away from its message', () => {
    const [above, one] = messages(500, 60);
    const pass = startPass(() => messages(500, 60));
    put(above ?? new DOMRect(), button, pass);
    const tall = put(one ?? new DOMRect(), reason, pass)();
    expect(tall.right).toBe(1190 - 60 - 6);
  });

  it('a reason rather lies over a button than so far away that it were taken for the message there', () => {
    const all = messages(500, 60, 500);
    const pass = startPass(() => all);
    const places = all.map((one, at) => put(one, at === 1 ? reason : button, pass));
    const [above, tall, below] = places.map((place) => place());
    expect(tall?.right).toBe(1190 - 60 - 6);
    for (const one of [above, below]) expect(one?.right).toBe(1190 - 500 - 6);
  });

  it('of two buttons that have no room beside their messages none covers the other', () => {
    const all = [new DOMRect(305, 300, 890, 26), new DOMRect(305, 326, 890, 10)];
    const pass = startPass(() => all);
    const [one, two] = all.map((message) => put(message, button, pass)).map((place) => place());
    expect(isOver(one ?? new DOMRect(), two ?? new DOMRect())).toBe(false);
  });

  it('a reason that has no room beside its message never reaches out of the list', () => {
    const all = [new DOMRect(1000, 300, 190, 26), new DOMRect(305, 330, 890, 40)];
    const wide: [number, number] = [700, 76];
    const pass = startPass(() => all);
    const places = all.map((message, at) => put(message, at === 0 ? wide : button, pass));
    const [tall] = places.map((place) => place());
    expect(tall?.left).toBeGreaterThanOrEqual(300);
    expect(tall?.right).toBeLessThanOrEqual(1200);
  });

  it('a reason over its message’s edge rather lies at the other end than over all of the next one', () => {
    const wide = new DOMRect(305, 300, 895, 60);
    const next = new DOMRect(1100, 370, 90, 40);
    const pass = startPass(() => [new DOMRect(305, 230, 895, 60), wide, next]);
    const tall = put(wide, reason, pass)();
    expect(isOver(tall, next)).toBe(false);
    expect(isOver(tall, wide)).toBe(true);
  });

  it('a reason over its message’s edge leaves the place beside the next one to that one’s', () => {
    const all = [new DOMRect(305, 300, 890, 60), new DOMRect(760, 365, 430, 30)];
    const pass = startPass(() => all);
    const [one, two] = all.map((message) => put(message, reason, pass)).map((place) => place());
    expect(isOver(one ?? new DOMRect(), two ?? new DOMRect())).toBe(false);
  });

  it.each([
    [300, 200],
    [1000, 200],
  ])('a reason in a list narrower than itself does not reach out of it', (left, width) => {
    const narrow = at(left, 100, width, 500);
    narrow.style.overflowY = 'auto';
    const row = at(left, 300, width, 40);
    narrow.append(row);
    const control = at(0, 0, ...reason);
    control.getBoundingClientRect = () =>
      new DOMRect(0, 0, Number.parseFloat(control.style.maxWidth || '280'), 100);
    const message = at(left + 20, 305, width - 25, 30);
    placeBeside(
      control,
      at(left, 300, 0, 0),
      message,
      row,
      startPass(() => []),
    )();
    const [x = NaN] = control.style.translate.split(' ').map(Number.parseFloat);
    expect(x).toBe(0);
    expect(control.style.maxWidth).toBe('200px');
  });

  it('two reasons lie beside each other, and above what says one line', () => {
    const all = messages(60, 60, 60);
    const pass = startPass(() => all);
    const [one, two, quiet] = all.map((message, at) =>
      put(message, at < 2 ? reason : button, pass),
    );
    const boxes = [one, two, quiet].map((place) => place?.() ?? new DOMRect());
    for (const [at, box] of boxes.entries()) {
      for (const other of boxes.slice(at + 1)) expect(isOver(box, other)).toBe(false);
    }
  });

  it.each([
    ['above', 40],
    ['below', 640],
  ])('the control of a message %s what is seen of a list is not in sight', (_, top) => {
    list.style.overflowY = 'auto';
    const message = new DOMRect(305, top, 890, 40);
    const { top: at } = put(
      message,
      button,
      startPass(() => []),
    )();
    expect(at + 24 <= 100 || at >= 600).toBe(true);
  });
});
