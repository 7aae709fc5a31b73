import { expect, it } from 'vitest';

import { readVisit, writeVisit } from './visit.ts';

const VISIT = {
  server: 'ws://127.0.0.1:7001',
  sdkAppId: 1400000001,
  userId: 'al & ice',
  userSig: 'eJw-*_=+',
  conversation: 'GROUPteam#1',
  lang: 'zh' as const,
};

it('a visit is read as it was written', () => {
  expect(readVisit(`#${writeVisit(VISIT)}`)).toEqual(VISIT);
});

it('a page without credentials names what is missing', () => {
  expect(() => readVisit('#server=ws://127.0.0.1:1&sdkAppId=1&userId=alice')).toThrow('"userSig"');
});

it('an SDKAppID that is no number is refused', () => {
  expect(() => readVisit(`#${writeVisit(VISIT).replace('1400000001', 'x')}`)).toThrow('"sdkAppId"');
});
