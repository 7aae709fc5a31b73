import { expect, it } from 'vitest';
import { isDark } from '../../../src/page/brightness.ts';

it.each([
  ['rgb(255, 255, 255)', false],
  ['rgb(24, 26, 31)', true],
  ['rgba(24, 26, 31, 0.9)', true],
  ['oklch(0.98 0.01 250)', false],
  ['oklch(0.2 0.02 250 / 0.9)', true],
  ['oklab(0.97 -0.001 -0.004)', false],
  ['lab(96 -0.2 -1e-7)', false],
  ['lch(12 4 270)', true],
  ['color(srgb 1 1 1)', false],
  ['color(srgb 0.1 0.1 0.12 / 0.8)', true],
  ['color(display-p3 0.95 0.95 0.97)', false],
])('%s as a ground is dark: %s', (color, expected) => {
  expect(isDark(color)).toBe(expected);
});

it.each(['rgba(0, 0, 0, 0)', 'oklch(0.2 0.02 250 / 0.2)', 'transparent', ''])(
  'what is behind shows through %s',
  (color) => {
    expect(isDark(color)).toBeUndefined();
  },
);
