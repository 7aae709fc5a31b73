import { isInput, textOf } from '../composer.ts';

/**
 * Puts text behind what is written in a field already, on a line of its own, and the caret behind it.
 * As text, never as HTML. False when the field did not take it.
 */
export async function appendTo(field: HTMLElement, text: string): Promise<boolean> {
  const before = textOf(field);
  const drawn = contentOf(field);
  field.focus();
  if (isInput(field)) appendToInput(field, before, text);
  else await appendToEditor(field.ownerDocument, field, before, text);
  await rendered();
  const after = textOf(field);
  // What is drawn instead of words cannot be read: there must be something new at least.
  const isNew = after !== before || contentOf(field) !== drawn;
  return isNew && holds(after, text) && holds(after, before);
}

/** Editors that keep a model of their own write the page anew from that. */
function rendered(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
}

/**
 * Editors change white space, and draw what stands in brackets: Tencent's kits write their emoji so,
 * and chat-uikit-vue 3.0.2 makes a picture of all that looks like it. Whether the words are there counts.
 */
function holds(text: string, part: string): boolean {
  const bare = (of: string): string => of.replace(/\s+/gu, '');
  const all = bare(text);
  if (all.includes(bare(part))) return true;
  let from = 0;
  return bare(part)
    .split(/\[[^[\]]*\]/u)
    .every((piece) => {
      const at = all.indexOf(piece, from);
      from = at + piece.length;
      return at >= 0;
    });
}

/** What of a field changes when something is put into it, be it drawn. */
function contentOf(field: HTMLElement): string {
  return `${field.querySelectorAll('img').length} ${field.textContent}`;
}

function joined(before: string, text: string): string {
  return before === '' || before.endsWith('\n') ? text : `\n${text}`;
}

/**
 * React and Vue learn of a changed value by the event. React compares with what it saw itself
 * write, which a script of another world does not touch.
 */
function appendToInput(
  field: HTMLTextAreaElement | HTMLInputElement,
  before: string,
  text: string,
): void {
  const isLine = field.localName === 'input';
  const more = isLine
    ? `${before === '' ? '' : ' '}${text.replace(/\s*\n\s*/gu, ' ')}`
    : joined(before, text);
  field.value = before + more;
  field.setSelectionRange(field.value.length, field.value.length);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * Editors such as ProseMirror keep a model: they take pasted text into it, as text. One that does
 * not answer to pasting gets the text typed by the browser itself; one that does never gets it twice,
 * whatever it makes of it.
 */
async function appendToEditor(
  document: Document,
  field: HTMLElement,
  before: string,
  text: string,
): Promise<void> {
  const selection = document.getSelection();
  const toEnd = (): void => {
    selection?.selectAllChildren(field);
    selection?.collapseToEnd();
  };
  toEnd();
  // The browser tells of it a turn later, and until then such an editor pastes where its caret was, over
  // what was selected (ProseMirror).
  document.dispatchEvent(new Event('selectionchange'));
  const data = new DataTransfer();
  data.setData('text/plain', joined(before, text));
  const paste = new ClipboardEvent('paste', {
    clipboardData: data,
    bubbles: true,
    cancelable: true,
  });
  const content = contentOf(field);
  if (!field.dispatchEvent(paste)) {
    if (contentOf(field) === content) await rendered();
    if (contentOf(field) !== content) return;
  }
  toEnd();
  // The only way to write into any editable element so that its own history and model follow. A
  // line break, not a new paragraph: that is what the Enter key does, which may send.
  /* eslint-disable @typescript-eslint/no-deprecated */
  if (before !== '') document.execCommand('insertLineBreak');
  document.execCommand('insertText', false, text);
  /* eslint-enable @typescript-eslint/no-deprecated */
}
