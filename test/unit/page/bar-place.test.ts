import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growBar, mayStay, placeBar } from '../../../src/page/bar/bar-place.ts';

const window = { width: 1280, height: 800 };
const size = { width: 430, height: 48 };
const composer = { left: 300, top: 700, width: 980, height: 100 };

describe('the place of the bar', () => {
  it('is above the composer', () => {
    const spot = placeBar(size, { window, composer, isRtl: false, menus: [], messages: [] });
    expect(spot).toEqual({ left: 308, top: 644, edge: 'bottom' });
  });

  it('is where no new message is covered', () => {
    const theirs = { left: 320, top: 640, width: 300, height: 40 };
    const mine = { left: 900, top: 600, width: 360, height: 60 };
    const beside = placeBar(size, {
      window,
      composer,
      isRtl: false,
      menus: [],
      messages: [theirs],
    });
    expect(beside).toEqual({ left: 842, top: 644, edge: 'bottom' });
    // Under the list of conversations there is no room for it here.
    const above = placeBar(size, {
      window,
      composer,
      isRtl: false,
      menus: [],
      messages: [theirs, mine],
    });
    // Over the chat, not over the list.
    expect(above).toEqual({ left: 575, top: 8, edge: 'top' });
  });

  it('leaves room for the control beside a message', () => {
    const mine = { left: 780, top: 640, width: 480, height: 40 };
    const spot = placeBar(size, { window, composer, isRtl: false, menus: [], messages: [mine] });
    expect(spot).toEqual({ left: 575, top: 8, edge: 'top' });
  });

  it('changes for a message that came after the bar, where that helps', () => {
    const theirs = { left: 320, top: 640, width: 300, height: 40 };
    const mine = { left: 1100, top: 650, width: 160, height: 40 };
    const bar = { left: 842, top: 644, ...size };
    const stays = (messages: (typeof mine)[]): boolean => {
      const around = { window, composer, isRtl: false, menus: [], messages };
      return mayStay(bar, placeBar(size, around), around);
    };
    expect(stays([theirs])).toBe(true);
    expect(stays([mine])).toBe(false);
    // Nowhere is free: then it had better stand still.
    expect(stays([theirs, mine, { left: 500, top: 0, width: 300, height: 60 }])).toBe(true);
  });

  it('covers what came long ago where it must cover something, and never the newest', () => {
    const row = (top: number, left: number): typeof composer => ({
      left,
      top,
      width: 900,
      height: 40,
    });
    const messages = [row(10, 0), row(740, 0), row(640, 350)];
    const around = { window, composer, isRtl: false, menus: [], messages };
    const spot = placeBar(size, around);
    expect(spot.top).toBe(8);
    const bar = { left: 308, top: 644, ...size };
    expect(mayStay(bar, spot, around)).toBe(false);
    expect(mayStay(bar, spot, { ...around, messages: messages.slice(0, 2) })).toBe(true);
  });

  it('stays where it is while somebody is at it, and grows from its edge', () => {
    const around = { window, composer, isRtl: false, menus: [], messages: [composer] };
    const bar = { left: 842, top: 644, edge: 'bottom', ...size } as const;
    const taller = { width: 500, height: 80 };
    expect(growBar(bar, taller, around)).toEqual({ left: 772, top: 612, edge: 'bottom' });
    const top = { left: 8, top: 8, edge: 'top', ...size } as const;
    expect(growBar(top, taller, around)).toEqual({ left: 8, top: 8, edge: 'top' });
    expect(growBar(bar, { width: 430, height: 780 }, around)).toBeUndefined();
    const menu = { left: 800, top: 600, width: 160, height: 30 };
    expect(growBar(bar, taller, { ...around, menus: [menu] })).toBeUndefined();
  });

  it('changes for a menu that opens under it, and goes where nothing is covered', () => {
    const menu = { left: 700, top: 500, width: 160, height: 180 };
    const around = { window, composer, isRtl: false, menus: [menu], messages: [] };
    const bar = { left: 308, top: 644, ...size };
    const next = placeBar(size, around);
    expect(mayStay(bar, next, around)).toBe(false);
    expect(next).toEqual({ left: 575, top: 8, edge: 'top' });
    const high = { left: 600, top: 0, width: 160, height: 500 };
    expect(placeBar(size, { ...around, menus: [menu, high] })).toEqual({
      left: 842,
      top: 8,
      edge: 'top',
    });
  });

  it('is on the other side in a page that is written from right to left', () => {
    const around = { window, composer, isRtl: true, menus: [], messages: [] };
    expect(placeBar(size, around)).toEqual({ left: 842, top: 644, edge: 'bottom' });
    expect(placeBar(size, { ...around, composer: undefined })).toEqual({
      left: 842,
      top: 744,
      edge: 'bottom',
    });
    // Mine lie on the left there.
    const mine = { left: 320, top: 640, width: 300, height: 40 };
    const theirs = { left: 1000, top: 640, width: 270, height: 40 };
    expect(placeBar(size, { ...around, messages: [mine] }).left).toBe(842);
    expect(placeBar(size, { ...around, messages: [theirs] }).left).toBe(308);
  });

  it('is in the corner of a page that has no composer', () => {
    const spot = placeBar(size, {
      window,
      composer: undefined,
      isRtl: false,
      menus: [],
      messages: [],
    });
    expect(spot).toEqual({ left: 8, top: 744, edge: 'bottom' });
  });

  it('is never over the composer where there is any room beside it, nor out of the window', () => {
    const number = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max });
    fc.assert(
      fc.property(
        fc.record({ left: number(0, 900), top: number(200, 780), width: number(100, 1280) }),
        number(30, 160),
        fc.array(fc.record({ left: number(0, 1200), top: number(0, 780) }), { maxLength: 8 }),
        (field, height, rows) => {
          const around = { ...field, height: window.height - field.top };
          const messages = rows.map((row) => ({ ...row, width: 200, height: 40 }));
          const bar = { ...size, height };
          const { left, top } = placeBar(bar, {
            window,
            composer: around,
            isRtl: false,
            menus: [],
            messages,
          });
          expect(left).toBeGreaterThanOrEqual(0);
          expect(top).toBeGreaterThanOrEqual(0);
          expect(left + bar.width).toBeLessThanOrEqual(window.width);
          expect(top + bar.height).toBeLessThanOrEqual(window.height);
          const isOver =
            top + bar.height > around.top &&
            left + bar.width > around.left &&
            left < around.left + around.width;
          expect(isOver).toBe(false);
        },
      ),
    );
  });
});
