import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

function listen(): { turns: Turns; heard: () => string } {
  const words: string[] = [];
  const turns = new Turns((some) => words.push(String(some)));
  return { turns, heard: () => words.join('') };
}

describe('several that speak at once', () => {
  it('are heard one after the other, the first as it speaks', () => {
    const { turns, heard } = listen();
    const first = turns.begin();
    const second = turns.begin();
    second.say('B1 ');
    first.say('A1 ');
    expect(heard()).toBe('A1 ');
    second.say('B2 ');
    first.end();
    expect(heard()).toBe('A1 B1 B2 ');
    second.say('B3 ');
    expect(heard()).toBe('A1 B1 B2 B3 ');
  });

  it('are heard whole also when they ended before their turn', () => {
    const { turns, heard } = listen();
    const [first, second, third] = [turns.begin(), turns.begin(), turns.begin()];
    third.say('C ');
    third.end();
    second.say('B ');
    second.end();
    expect(heard()).toBe('');
    first.end();
    expect(heard()).toBe('B C ');
  });

  it('are all heard at once when there will be no more turns, and nothing twice', () => {
    const { turns, heard } = listen();
    const [first, second] = [turns.begin(), turns.begin()];
    second.say('B ');
    first.say('A ');
    turns.sayAll();
    turns.sayAll();
    expect(heard()).toBe('A B ');
  });
});
