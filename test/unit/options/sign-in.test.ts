import { expect, test } from 'vitest';
import { readSignIn } from '../../../src/options/sign-in.ts';
import { originOf } from '../../../src/options/site-address.ts';

const good = {
  sdkAppId: '1400000001',
  userId: 'alice',
  userSig: 'sig',
  server: '',
  staySignedIn: false,
};

test('the fields become what the contract wants; no server means Tencent’s own', () => {
  expect(readSignIn({ ...good, sdkAppId: ' 1400000001 ', userId: ' alice ' })).toEqual({
    ok: true,
    credentials: { sdkAppId: 1_400_000_001, userId: 'alice', userSig: 'sig', staySignedIn: false },
  });
});

test('a UserSig pasted over several lines is put together again', () => {
  expect(readSignIn({ ...good, userSig: ' eJw\n1zL \r\n*9' })).toMatchObject({
    credentials: { userSig: 'eJw1zL*9' },
  });
});

test.each(['', '0', '-1', '1.5', '0x10', '1e9', 'abc', '99999999999999'])(
  'the SDKAppID "%s" is refused',
  (sdkAppId) => {
    expect(readSignIn({ ...good, sdkAppId })).toEqual({ ok: false, wrong: ['sdkAppId'] });
  },
);

test('every wrong field is named, in the order of the form', () => {
  expect(
    readSignIn({
      ...good,
      sdkAppId: 'x',
      userId: ' ',
      userSig: 'x'.repeat(5_000),
      server: 'http://a',
    }),
  ).toEqual({ ok: false, wrong: ['sdkAppId', 'userId', 'userSig', 'server'] });
});

test.each([
  ['wss://chat.example.com', true],
  ['wss://chat.example.com:8443/', true],
  ['ws://127.0.0.1:9000', true],
  ['ws://localhost', true],
  ['ws://chat.example.com', false],
  ['ws://127.0.0.1.example.com', false],
  ['wss://chat.example.com/path', false],
  ['https://chat.example.com', false],
  ['chat.example.com', false],
])('the server address %s is taken: %s', (server, isTaken) => {
  expect(readSignIn({ ...good, server }).ok).toBe(isTaken);
});

test.each([
  ['https://chat.example.com/a?b#c', 'https://chat.example.com'],
  [' chat.example.com ', 'https://chat.example.com'],
  ['http://127.0.0.1:5173/', 'http://127.0.0.1:5173'],
  ['HTTPS://Chat.Example.com:443', 'https://chat.example.com'],
  ['', undefined],
  ['ftp://chat.example.com', undefined],
  ['file:///etc/passwd', undefined],
  ['https://', undefined],
  ['two words', undefined],
  ["it's mine", undefined],
  ["https://it's", undefined],
  ['javascript://%0aalert(1)', undefined],
])('the site address "%s" means %s', (typed, origin) => {
  expect(originOf(typed)).toBe(origin);
});
