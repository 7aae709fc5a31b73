import { expect, it } from 'vitest';
import { balance } from './median.ts';

it('cancels what is dearer for coming second', () => {
  const [one, other] = balance([1.2 * 1.1, 1.2 / 1.1, 0.9 / 1.3, 0.9 * 1.3]);
  expect(one).toBeCloseTo(1.2);
  expect(other).toBeCloseTo(0.9);
});

it('takes none that has no counterpart', () => {
  expect(() => balance([1, 1, 1])).toThrow('no counterpart');
});
