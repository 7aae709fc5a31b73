import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyOf, isNotice, kindOf, quoteOf } from '../../../src/chat/tencent/content.ts';
import { longestText } from '../../../src/message/message.ts';

const text = (words: unknown) => ({ type: 'TIMTextElem', content: { text: words } });

describe('the words of a message', () => {
  test.each([
    ['a text', [text('hello')], 'hello'],
    ['a file, by its name', [{ type: 'TIMFileElem', content: { fileName: 'a.pdf' } }], 'a.pdf'],
    [
      'a face, by its name',
      [{ type: 'TIMFaceElem', content: { index: 1, data: '[smile]' } }],
      '[smile]',
    ],
    [
      'a place',
      [{ type: 'TIMLocationElem', content: { description: 'home', latitude: 1 } }],
      'home',
    ],
    ['a picture', [{ type: 'TIMImageElem', content: { uuid: 'secret' } }], ''],
    ['something new', [{ type: 'TIMHologramElem', content: { text: 'boo' } }], ''],
    [
      'a custom message, by its description',
      [{ type: 'TIMCustomElem', content: { data: 'x', description: 'An order', extension: 'e' } }],
      'An order',
    ],
    [
      'a custom message without one, by its extension',
      [{ type: 'TIMCustomElem', content: { data: 'x', description: '', extension: 'Called off' } }],
      'Called off',
    ],
    [
      'a custom message for programs',
      [
        {
          type: 'TIMCustomElem',
          content: { data: '{}', description: ' {"a":1}', extension: '[1]' },
        },
      ],
      '',
    ],
    [
      'forwarded messages, by their title alone',
      [{ type: 'TIMRelayElem', content: { title: 'Bob and Eve', abstractList: ['Bob: words'] } }],
      'Bob and Eve',
    ],
    [
      'several elements',
      [text('one'), { type: 'TIMFileElem', content: { fileName: 'a' } }],
      'one\na',
    ],
    ['no content', [{ type: 'TIMFaceElem', content: null }], ''],
    ['the wrong content', [text({ toString: 'x' }), text(5), text(undefined)], ''],
    ['nothing', [], ''],
  ])('of %s', (_, elements, words) => {
    expect(bodyOf(elements)).toEqual({ text: words });
  });

  test('are cut to what is kept, never in the middle of a character', () => {
    expect(bodyOf([text('a'.repeat(2 * longestText))]).text).toHaveLength(longestText);
    const faces = bodyOf([text(`a${'😀'.repeat(longestText)}`)]).text;
    expect(faces.length).toBeLessThanOrEqual(longestText);
    expect(faces.isWellFormed()).toBe(true);
  });

  test('of however many elements are a bounded text', () => {
    const elements = Array.from({ length: 100_000 }, () => text('word'));
    expect(bodyOf(elements).text.length).toBeLessThanOrEqual(longestText);
  });

  test('of anything at all are a text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ type: fc.string(), content: fc.anything() })),
        (elements) => {
          expect(typeof bodyOf(elements).text).toBe('string');
        },
      ),
    );
  });
});

test('kinds are known by the type, whatever it is called', () => {
  expect(kindOf('TIMTextElem')).toBe('text');
  expect(kindOf('TIMRelayElem')).toBe('merger');
  expect(kindOf('constructor')).toBe('other');
  expect(isNotice('TIMGroupTipElem')).toBe(true);
  expect(isNotice('TIMTextElem')).toBe(false);
});

describe('a quote', () => {
  const write = (messageReply: unknown): string => JSON.stringify({ other: 1, messageReply });

  test('names the message it answers and repeats no words of it', () => {
    const reply = { messageID: '144-1-2', messageAbstract: 'the question', messageSender: 'Bob' };
    expect(quoteOf(write(reply))).toEqual({ id: '144-1-2' });
  });

  test('says which place and time it has, where that was written down', () => {
    const whole = { messageID: '144-1-2', messageSequence: 7, messageTime: 1_700_000_000 };
    expect(quoteOf(write(whole))).toEqual({
      ...{ id: '144-1-2', sequence: 7, time: 1_700_000_000 },
    });
    for (const odd of ['7', -1, 1.5, null, {}]) {
      const reply = { messageID: '144-1-2', messageSequence: odd, messageTime: odd };
      expect(quoteOf(write(reply))).toEqual({ id: '144-1-2' });
    }
  });

  test('without words still names the message', () => {
    expect(quoteOf(write({ messageID: '144-1-2' }))).toEqual({ id: '144-1-2' });
  });

  test.each([
    ['nothing', ''],
    ['other data', '{"messageFeature":{"needTyping":1}}'],
    ['no JSON', 'messageReply'],
    ['a cut JSON', '{"messageReply":'],
    ['no id', write({ messageAbstract: 'x' })],
    ['an id that is none', write({ messageID: '<img src=x>' })],
    ['an id that is too long', write({ messageID: '1'.repeat(121) })],
    ['a list', write([1])],
    ['null', write(null)],
    ['an inherited reply', '{"__proto__":{"messageReply":{"messageID":"1-1-1"}}}'],
    ['a bomb', `${'{"messageReply":'.repeat(2_000)}1${'}'.repeat(2_000)}`],
    ['a huge one', write({ messageID: '1-1-1', messageAbstract: 'x'.repeat(40_000) })],
  ])('is not made of %s', (_, data) => {
    expect(quoteOf(data)).toBeUndefined();
  });

  test('of anything at all does not throw', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const quote = quoteOf(`{"messageReply":${json}}`);
        expect(quote === undefined || typeof quote.id === 'string').toBe(true);
      }),
    );
  });
});
