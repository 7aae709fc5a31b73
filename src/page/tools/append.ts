import { isInput, textOf } from '../composer.ts';

/**
 * Puts text behind what is written in a field already, on a line of its own, and the caret behind it.
 * As text, never as HTML. False when the field did not take it.
 */
export async function appendTo(field: HTMLElement, text: string): Promise<boolean> {
  const before = textOf(field);
  field.focus();
  if (isInput(field)) appendToInput(field, before, text);
  else appendToEditor(field.ownerDocument, field, before, text);
  // Editors that keep a model of their own write the page anew from that.
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
  const after = textOf(field);
  return holds(after, text) && holds(after, before);
}

/** Editors change white space; whether the words are there is what counts. */
function holds(text: string, part: string): boolean {
  const bare = (of: string): string => of.replace(/\s+/gu, '');
  return bare(text).includes(bare(part));
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
 * not answer to pasting gets the text typed by the browser itself.
 */
function appendToEditor(
  document: Document,
  field: HTMLElement,
  before: string,
  text: string,
): void {
  const selection = document.getSelection();
  const toEnd = (): void => {
    selection?.selectAllChildren(field);
    selection?.collapseToEnd();
  };
  toEnd();
  const data = new DataTransfer();
  data.setData('text/plain', joined(before, text));
  const paste = new ClipboardEvent('paste', {
    clipboardData: data,
    bubbles: true,
    cancelable: true,
  });
  const isTaken = !field.dispatchEvent(paste) && holds(textOf(field), text);
  if (isTaken) return;
  toEnd();
  // The only way to write into any editable element so that its own history and model follow. A
  // line break, not a new paragraph: that is what the Enter key does, which may send.
  /* eslint-disable @typescript-eslint/no-deprecated */
  if (before !== '') document.execCommand('insertLineBreak');
  document.execCommand('insertText', false, text);
  /* eslint-enable @typescript-eslint/no-deprecated */
}
