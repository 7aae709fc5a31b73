// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest';
import { appendTo } from '../../../src/page/tools/append.ts';

const words = 'see [TUIEmoji_Smile] the [todo] list';

let field: HTMLElement;
/** What was typed by the browser itself. */
let typed: string[];

beforeEach(() => {
  vi.stubGlobal('DataTransfer', FakeTransfer);
  vi.stubGlobal('ClipboardEvent', FakePaste);
  field = document.createElement('div');
  field.contentEditable = 'true';
  document.body.replaceChildren(field);
  typed = [];
  Object.assign(document, {
    execCommand(command: string, _: boolean, text = '\n') {
      if (command !== 'insertText') return;
      typed.push(text);
      field.append(text);
    },
  });
  // happy-dom 21 has no layout, from which this comes.
  Object.defineProperty(field, 'innerText', { get: () => field.textContent });
});

class FakeTransfer {
  text = '';
  setData(_: string, text: string): void {
    this.text = text;
  }
}

class FakePaste extends Event {
  readonly clipboardData: FakeTransfer;
  constructor(
    type: string,
    { clipboardData, ...more }: EventInit & { clipboardData: FakeTransfer },
  ) {
    super(type, more);
    this.clipboardData = clipboardData;
  }
}

/** An editor that takes what is pasted, and draws what stands in brackets, a turn later if `isLate`. */
function takePastes(isLate: boolean): void {
  field.addEventListener('paste', (event) => {
    event.preventDefault();
    const { text } = (event as unknown as FakePaste).clipboardData;
    const draw = (): void => {
      for (const piece of text.split(/(\[[^\]]*\])/u)) {
        field.append(piece.startsWith('[') ? document.createElement('img') : piece);
      }
    };
    if (isLate) setTimeout(draw);
    else draw();
  });
}

it.each([
  ['at once', false],
  ['a turn later', true],
])('gives an editor that draws pictures %s the words once', async (_, isLate) => {
  takePastes(isLate);
  expect(await appendTo(field, words)).toBe(true);
  expect(field.innerHTML).toBe('see <img> the <img> list');
  expect(typed).toEqual([]);
});

it('has the browser type into one that lets no paste in', async () => {
  field.addEventListener('paste', (event) => {
    event.preventDefault();
  });
  expect(await appendTo(field, words)).toBe(true);
  expect(typed).toEqual([words]);
});

it('does not say that words are there which are not', async () => {
  field.addEventListener('paste', (event) => {
    event.preventDefault();
    field.append('something else, see the');
  });
  expect(await appendTo(field, words)).toBe(false);
});

it('does not take a field that took nothing for one that drew it', async () => {
  Object.assign(document, { execCommand: () => false });
  expect(await appendTo(field, '[ok]')).toBe(false);
});
