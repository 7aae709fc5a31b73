import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeBar, widthFor, type Surroundings } from '../../../src/page/bar/bar-place.ts';
import { overlaps, type Box } from '../../../src/page/box.ts';

const window = { width: 1280, height: 800 };
const size = { width: 430, height: 48 };
const composer = { left: 300, top: 700, width: 980, height: 100 };
/** Beside a list of chats, under a head that names whom one writes to. */
const chat = { left: 300, top: 64, width: 980, height: 636 };
const lowest = { left: 308, top: 644, edge: 'bottom' };

const among = (more: Partial<Surroundings> = {}): Surroundings => ({
  ...{ window, chat, composer, isRtl: false, menus: [], messages: [], told: [] },
  ...more,
});
const theirs = (top: number, width = 300): Box => ({ left: 320, top, width, height: 40 });
const mine = (top: number, width = 300): Box => ({
  left: 1260 - width,
  top,
  width,
  height: 40,
});

describe('the place of the bar', () => {
  it('is above the composer, in the chat', () => {
    expect(placeBar(size, among())).toEqual(lowest);
    // A page of which it is not known where it has its messages.
    expect(placeBar(size, among({ chat: undefined }))).toEqual(lowest);
  });

  it('is over older messages rather than over the newest, and nearer to the composer than to them', () => {
    expect(placeBar(size, among({ messages: [mine(590), mine(640)] }))).toEqual(lowest);
    const beside = placeBar(size, among({ messages: [theirs(640)] }));
    expect(beside).toEqual({ left: 842, top: 644, edge: 'bottom' });
    const messages = [theirs(500), theirs(590), mine(500), theirs(640, 600)];
    const above = placeBar(size, among({ messages }));
    expect(above).toEqual({ left: 842, top: 584, edge: 'bottom' });
  });

  it('is over the newest of mine as little as over the newest', () => {
    const wide = 800;
    const messages = [theirs(500, wide), theirs(545, wide), mine(590, wide), theirs(640, wide)];
    const spot = placeBar(size, among({ messages }));
    expect(spot.top + size.height).toBeLessThanOrEqual(590);
    expect(spot.top).toBeGreaterThan(440);
  });

  it('leaves room for the control beside the newest message', () => {
    const spot = placeBar(size, among({ messages: [mine(640, 480)] }));
    expect(spot).toEqual({ left: 308, top: 584, edge: 'bottom' });
  });

  it('is over no reason nor question beside a message, and rather over what is offered there', () => {
    const reason = { ...theirs(610, 900), height: 80 };
    const spot = placeBar(size, among({ messages: [mine(500)], told: [reason] }));
    expect(spot.top + size.height).toBeLessThanOrEqual(reason.top);
    const offer = { ...theirs(660, 900), height: 24 };
    expect(placeBar(size, among({ messages: [mine(500)], told: [offer] }))).toEqual(lowest);
  });

  it('is not even a little outside of the chat, though it has grown', () => {
    const bar = { left: 308, top: 72, edge: 'bottom', ...size } as const;
    const spot = placeBar({ width: 430, height: 58 }, among(), { bar, hold: 'hand' });
    expect(spot.top).toBeGreaterThanOrEqual(chat.top);
  });

  it('is over neither a list of chats nor the head of a chat, however full that is', () => {
    const messages = Array.from({ length: 20 }, (_, n) => theirs(-300 + n * 49, 940));
    for (const room of [chat, { ...chat, left: 700, width: 580 }]) {
      const spot = placeBar(size, among({ chat: room, messages }));
      expect(spot.left).toBeGreaterThanOrEqual(room.left);
      expect(spot.top).toBeGreaterThanOrEqual(room.top);
    }
  });

  it('has all of the window where nothing could be read in the chat, and is low beside it', () => {
    const frame = {
      window: { width: 360, height: 740 },
      chat: { left: 300, top: 64, width: 60, height: 600 },
      composer: { left: 300, top: 664, width: 60, height: 60 },
    };
    expect(widthFor(among())).toBe(980);
    expect(widthFor(frame)).toBe(360);
    const long = { left: 314, top: 186, width: 36, height: 460 };
    const spot = placeBar({ width: 344, height: 48 }, among({ ...frame, messages: [long] }));
    expect(spot).toEqual({ left: 8, top: 608, edge: 'bottom' });
  });

  it('is in the corner of a page that has neither chat nor composer', () => {
    const spot = placeBar(size, among({ chat: undefined, composer: undefined }));
    expect(spot).toEqual({ left: 8, top: 744, edge: 'bottom' });
  });

  it('reads what a browser measured, whose numbers cannot be copied', () => {
    const measured = new (class implements Box {
      get left(): number {
        return composer.left;
      }
      get top(): number {
        return composer.top;
      }
      get width(): number {
        return composer.width;
      }
      get height(): number {
        return composer.height;
      }
    })();
    expect(placeBar(size, among({ chat: undefined, composer: measured }))).toEqual(lowest);
  });

  it('is on the other side in a page that is written from right to left', () => {
    const isRtl = true;
    expect(placeBar(size, among({ isRtl })).left).toBe(842);
    // Mine lie on the left there.
    expect(placeBar(size, among({ isRtl, messages: [theirs(640)] })).left).toBe(842);
    expect(placeBar(size, among({ isRtl, messages: [mine(640)] })).left).toBe(308);
  });

  it('is never over the composer where there is any room beside it, nor out of the window', () => {
    const number = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
    fc.assert(
      fc.property(
        fc.record({ left: number(0, 900), top: number(200, 780), width: number(100, 1280) }),
        number(30, 160),
        fc.array(fc.record({ left: number(0, 1200), top: number(0, 780) }), { maxLength: 8 }),
        fc.option(
          fc.record({ left: number(0, 900), top: number(0, 700), width: number(100, 980) }),
          { nil: undefined },
        ),
        (field, height, rows, list) => {
          const around = { ...field, height: window.height - field.top };
          const messages = rows.map((row) => ({ ...row, width: 200, height: 40 }));
          const bar = { ...size, height };
          const spot = placeBar(
            bar,
            among({ composer: around, messages, chat: list && { ...list, height: 300 } }),
          );
          const { left, top } = spot;
          expect(left).toBeGreaterThanOrEqual(0);
          expect(top).toBeGreaterThanOrEqual(0);
          expect(left + bar.width).toBeLessThanOrEqual(window.width);
          expect(top + bar.height).toBeLessThanOrEqual(window.height);
          expect(overlaps({ ...spot, ...bar }, around)).toBe(false);
        },
      ),
    );
  });
});

describe('a bar that is there already', () => {
  const bar = { left: 842, top: 644, edge: 'bottom', ...size } as const;

  it('keeps its place while nothing that matters comes under it, though another is free', () => {
    for (const hold of ['place', 'hand'] as const) {
      const before = { bar, hold };
      expect(placeBar(size, among(), before)).toMatchObject({ left: 842, top: 644 });
      const around = among({ messages: [mine(640), mine(300), theirs(500)] });
      expect(placeBar(size, around, before)).toMatchObject({ left: 842, top: 644 });
    }
    // Where it stood high, and the lower place became free.
    const high = { ...bar, top: 300 };
    expect(placeBar(size, among(), { bar: high, hold: 'place' })).toMatchObject({ top: 300 });
  });

  it('goes up rather than sideways from a message that came under it', () => {
    const messages = [theirs(590), mine(640)];
    const spot = placeBar(size, among({ messages }), { bar, hold: 'place' });
    expect(spot).toEqual({ left: 842, top: 584, edge: 'bottom' });
    // From under a hand it does not go at all.
    expect(placeBar(size, among({ messages }), { bar, hold: 'hand' }).top).toBe(644);
  });

  it('stays on its side when it has something new to tell, and comes down there', () => {
    const high = { ...bar, top: 300 };
    expect(placeBar(size, among(), { bar: high, hold: 'side' })).toEqual(low(842, 644));
  });

  it('makes way for the composer, also under a hand, and then straight up', () => {
    const grown = { ...composer, top: 640, height: 160 };
    for (const hold of ['side', 'place', 'hand'] as const) {
      expect(placeBar(size, among({ composer: grown }), { bar, hold })).toEqual(low(842, 584));
    }
  });

  it('makes way for a menu that opens under it, on its side if it can', () => {
    const menu = { left: 900, top: 500, width: 160, height: 180 };
    const before = { bar, hold: 'place' } as const;
    expect(placeBar(size, among({ menus: [menu] }), before)).toMatchObject({ left: 842 });
    const high = { ...menu, top: 0, height: 700 };
    expect(placeBar(size, among({ menus: [high] }), before)).toMatchObject({ left: 308 });
  });

  it('grows from its edge, on the side of the chat where it stands', () => {
    const taller = { width: 500, height: 80 };
    const before = { bar, hold: 'hand' } as const;
    expect(placeBar(taller, among(), before)).toEqual(low(772, 612));
    const top = { left: 308, top: 72, edge: 'top', ...size } as const;
    const spot = placeBar(taller, among(), { bar: top, hold: 'hand' });
    expect(spot).toEqual({ left: 308, top: 72, edge: 'top' });
  });

  it('does not stay where the window no longer is', () => {
    const around = among({
      window: { width: 900, height: 800 },
      chat: { ...chat, width: 600 },
      composer: { ...composer, width: 600 },
    });
    const spot = placeBar(size, around, { bar, hold: 'place' });
    expect(spot.left).toBeGreaterThanOrEqual(300);
    expect(spot.left + size.width).toBeLessThanOrEqual(900);
  });
});

function low(left: number, top: number): { left: number; top: number; edge: string } {
  return { left, top, edge: 'bottom' };
}
