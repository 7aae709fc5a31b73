import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { mostLines, Practice, practiceWindow, type Line } from '../../../src/welcome/practice.ts';

const start = 1_790_000_000_000;
const script = { partnerName: 'Robin', first: 'Hi', slip: 'the key' };
let practice: Practice;
beforeEach(() => {
  practice = new Practice(script, start);
});

function send(text: string): string {
  practice.send(text);
  return newest().entry.id;
}
function newest(): Line {
  const line = practice.lines.value.at(-1);
  if (!line) throw new Error('The chat is empty.');
  return line;
}
const pass = (seconds: number): void => {
  practice.tick(practice.now.value + seconds * 1000);
};

describe('a practice message', () => {
  it('can be recalled while its time lasts, and no word of it is left then', () => {
    const id = send('to the wrong person');
    pass(practiceWindow);
    practice.recall(id);
    expect(newest().entry).toMatchObject({ id, recall: { by: 'you' } });
    expect(JSON.stringify(practice.lines.value)).not.toContain('wrong person');
  });

  it('stays when its time is over', () => {
    const id = send('too late');
    pass(practiceWindow + 1);
    practice.recall(id);
    expect(newest().entry).toMatchObject({ id, body: { text: 'too late' } });
    expect(practice.verdict(newest())).toMatchObject({ may: false, why: 'too-late', lateBy: 1 });
  });

  it('of the other person is theirs alone to recall', () => {
    const [first] = practice.lines.value;
    practice.recall(first?.entry.id ?? '');
    expect(practice.lines.value).toEqual([first]);
    const recall = practice.slip();
    expect(newest().entry.body?.text).toBe(script.slip);
    recall?.();
    expect(newest().entry).toMatchObject({ authorName: 'Robin', recall: { by: 'robin' } });
    expect(JSON.stringify(practice.lines.value)).not.toContain(script.slip);
  });

  it('is not sent without words, while offline, or when the chat is full', () => {
    practice.send('  ');
    practice.setOffline(true);
    practice.send('offline');
    expect(practice.lines.value).toHaveLength(1);
    practice.setOffline(false);
    for (let n = 0; n < 2 * mostLines; n += 1) practice.send(`message ${n}`);
    expect(practice.lines.value).toHaveLength(mostLines);
    expect(practice.isFull.value).toBe(true);
    expect(practice.slip()).toBeUndefined();
    expect(practice.lines.value).toHaveLength(mostLines);
    practice.start(start);
    expect(practice.lines.value).toHaveLength(1);
  });
});

describe('while offline nothing is heard of the other person', () => {
  it('who sends nothing then', () => {
    practice.setOffline(true);
    expect(practice.slip()).toBeUndefined();
    expect(practice.lines.value).toHaveLength(1);
  });

  it('whose recall is seen as soon as the connection is back', () => {
    const recall = practice.slip();
    practice.setOffline(true);
    recall?.();
    expect(newest().entry.body?.text).toBe(script.slip);
    practice.setOffline(false);
    expect(newest().entry).toMatchObject({ recall: { by: 'robin' } });
    expect(JSON.stringify(practice.lines.value)).not.toContain(script.slip);
  });
});

describe('a practice recall while offline', () => {
  it('waits, and is done when the connection is back in time', () => {
    const id = send('wait for it');
    practice.setOffline(true);
    practice.recall(id);
    expect(newest().progress).toMatchObject({ state: 'waiting' });
    pass(practiceWindow);
    practice.setOffline(false);
    expect(newest().entry.recall).toMatchObject({ by: 'you' });
    expect(newest().progress).toBeUndefined();
  });

  it('is refused when the connection did not come back in time', () => {
    const id = send('waited too long');
    practice.setOffline(true);
    practice.recall(id);
    pass(practiceWindow + 1);
    practice.setOffline(false);
    expect(newest().progress).toEqual({ state: 'refused', why: 'unreachable' });
    expect(newest().entry.body?.text).toBe('waited too long');
  });
});

it('a practice chat never shows a recalled word again, whatever is done in which order', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('recall' as const), n: fc.nat(8) }),
    fc.record({ do: fc.constantFrom('send', 'offline', 'online', 'slip') }),
    fc.record({ do: fc.constant('pass' as const), n: fc.nat(30) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      practice = new Practice(script, start);
      const gone = new Set<string>();
      let count = 0;
      for (const one of steps) {
        if (one.do === 'send') practice.send(`words ${(count += 1)}.`);
        if (one.do === 'slip') practice.slip()?.();
        if (one.do === 'offline' || one.do === 'online') practice.setOffline(one.do === 'offline');
        if (one.do === 'pass') pass('n' in one ? one.n : 0);
        if (one.do === 'recall') {
          const line = practice.lines.value['n' in one ? one.n : 0];
          const text = line?.entry.body?.text ?? '';
          practice.recall(line?.entry.id ?? '');
          const after = practice.lines.value.find(({ entry }) => entry.id === line?.entry.id);
          if (after?.entry.recall && text.startsWith('words')) gone.add(text);
        }
        for (const text of gone) expect(JSON.stringify(practice.lines.value)).not.toContain(text);
        for (const { entry, progress } of practice.lines.value) {
          expect(entry.recall && (entry.body ?? progress)).toBeUndefined();
        }
      }
    }),
  );
});
