import { expect, it } from 'vitest';
import { partsOf } from '../../../src/message/message.ts';

it('an id as SDKs make it tells by whom and when it was made', () => {
  expect(partsOf('144115262295492788-1764150000-90837465')).toEqual({
    tinyId: '144115262295492788',
    madeAt: 1_764_150_000_000,
  });
});

it.each([
  'm1',
  '',
  '1-2-3',
  'x-1764150000-1',
  '1-1764150000',
  '1-1764150000-1-1',
  '1-17641500000-1',
])('an id that is made otherwise tells nothing: “%s”', (id) => {
  expect(partsOf(id)).toBeUndefined();
});
