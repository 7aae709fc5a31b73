// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import type { Mention } from '../../../src/message/mentions.ts';
import { mentionIn } from '../../../src/page/tools/mentions.ts';

/** Whether the editor makes the mentions it finds in the page its own, as TipTap does. */
let takes: boolean;
let field: HTMLElement;

beforeEach(() => {
  takes = true;
  field = document.createElement('div');
  field.className = 'ProseMirror';
  field.contentEditable = 'true';
  const around = document.createElement('div');
  around.className = 'uikit-MessageInput-editor';
  around.append(field);
  document.body.replaceChildren(around);
  new MutationObserver(() => {
    const foreign = field.querySelectorAll('span[data-type="mention"]:not([contenteditable])');
    for (const span of takes ? foreign : []) {
      const own = span.cloneNode(true) as HTMLElement;
      own.contentEditable = 'false';
      span.replaceWith(own);
    }
  }).observe(field, { childList: true, subtree: true });
});

/** Writes lines into the field, each a paragraph. */
function write(...lines: string[]): void {
  for (const line of lines) {
    const paragraph = document.createElement('p');
    paragraph.append(line);
    field.append(paragraph);
  }
}

/** The mentions of these words in a text, one after the other. */
function mentionsOf(text: string, ...whom: (readonly [user: string, words: string])[]): Mention[] {
  let from = 0;
  return whom.map(([user, words]) => {
    from = text.indexOf(words, from);
    const to = from + words.length;
    return { user, from, to: (from = to) };
  });
}

/** What is drawn: mentions as `[id|label]`. */
function drawn(): string[] {
  return [...field.querySelectorAll('p')].map((line) =>
    [...line.childNodes]
      .map((node) =>
        node instanceof HTMLElement && node.dataset.type === 'mention'
          ? `[${node.dataset.id ?? ''}|${node.dataset.label ?? ''}]`
          : (node.textContent ?? ''),
      )
      .join(''),
  );
}

describe('mentions are made again', () => {
  it('where they stood, behind a draft that says the same', async () => {
    const text = '@Al, @Al Green and @Alice';
    write('@Al, @Alice', text);
    const mentions = mentionsOf(text, ['al', '@Al'], ['green', '@Al Green'], ['alice', '@Alice']);
    expect(await mentionIn(field, text, mentions)).toBe(true);
    expect(drawn()).toEqual(['@Al, @Alice', '[al|Al], [green|Al Green] and [alice|Alice]']);
  });

  it('of one line after the other, and of somebody twice', async () => {
    const text = '@Al\n@Al';
    write('@Al', '@Al');
    expect(await mentionIn(field, text, mentionsOf(text, ['al', '@Al'], ['al', '@Al']))).toBe(true);
    expect(drawn()).toEqual(['[al|Al]', '[al|Al]']);
  });

  it('of a name that looks like HTML, as text', async () => {
    const text = 'see @<img src=x onerror=alert(1)> <b>now</b>';
    write(text);
    const mentions = mentionsOf(text, ['"><i>', '@<img src=x onerror=alert(1)>']);
    expect(await mentionIn(field, text, mentions)).toBe(true);
    expect(drawn()).toEqual(['see ["><i>|<img src=x onerror=alert(1)>] <b>now</b>']);
    expect(field.querySelectorAll('img,b,i')).toHaveLength(0);
  });

  it('with the space that a kit writes behind them taken out', async () => {
    field.parentElement?.setAttribute('class', 'message-input-editor-area');
    write('@Al  look @Bob');
    const mentions = mentionsOf('@Al  look @Bob', ['al', '@Al'], ['bob', '@Bob']);
    expect(await mentionIn(field, '@Al  look @Bob', mentions)).toBe(true);
    expect(drawn()).toEqual(['[al|Al] look [bob|Bob]']);
  });

  it('beside a picture that is drawn of an emoji', async () => {
    const text = '[smile]@Al[smile]';
    write('');
    field.firstElementChild?.append(
      document.createElement('img'),
      '@Al',
      document.createElement('img'),
    );
    expect(await mentionIn(field, text, mentionsOf(text, ['al', '@Al']))).toBe(true);
    expect(drawn()).toEqual(['[al|Al]']);
  });
});

describe('the text stays as it was put, and that is told,', () => {
  it('where the editor knows no mentions', async () => {
    takes = false;
    const text = '@Al and @Bob';
    write(text);
    const mentions = mentionsOf(text, ['al', '@Al'], ['bob', '@Bob']);
    expect(await mentionIn(field, text, mentions)).toBe(false);
    expect(drawn()).toEqual([text]);
    expect(field.querySelectorAll('span')).toHaveLength(0);
  });

  it('where it cannot be found in it', async () => {
    write('drawn otherwise');
    expect(await mentionIn(field, '@Al', mentionsOf('@Al', ['al', '@Al']))).toBe(false);
    expect(drawn()).toEqual(['drawn otherwise']);
  });

  it('where the field is of no kit that has mentions', async () => {
    field.parentElement?.removeAttribute('class');
    write('@Al');
    expect(await mentionIn(field, '@Al', mentionsOf('@Al', ['al', '@Al']))).toBe(false);
    expect(drawn()).toEqual(['@Al']);
    expect(field.querySelectorAll('span')).toHaveLength(0);
  });
});
