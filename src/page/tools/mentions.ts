import type { Mention } from '../../message/mentions.ts';
import { mentionFields, type MentionField } from '../pages/mentions.ts';

/** What stands for anything in a field that is drawn instead of words. */
const drawn = '\uFFFC';

/** How TipTap draws a mention, and reads one from the page. */
const node = 'span[data-type="mention"]';

/**
 * Makes mentions again of those places of a text that were some, once the text stands at the end of a
 * field. Nodes are put in its place, never HTML: an editor that knows them takes them into its model,
 * as it does whatever the browser changes while somebody writes, and draws them anew. False where that
 * is not so for all of them; the text is then there as it was put.
 */
export async function mentionIn(
  field: HTMLElement,
  text: string,
  mentions: readonly Mention[],
): Promise<boolean> {
  const kind = mentionFields.find((one) => field.matches(one.field));
  if (!kind) return mentions.length === 0;
  let isWhole = true;
  let rest = text;
  // From the last on, which leaves those before it where they are.
  for (const { user, from, to } of mentions.toReversed()) {
    const words = text.slice(from, to);
    const place = placeOf(field, words, timesIn(rest.slice(from + 1), words));
    // Each by itself: an editor that sees several lines change at once may take it for the Enter key.
    const isTaken = place !== undefined && (await mention(field, place, user, kind));
    if (isTaken) rest = rest.slice(0, from) + drawn + rest.slice(to);
    isWhole &&= isTaken;
  }
  caretToEnd(field);
  return isWhole;
}

/** Where words stand in a field, when they stand there so many times more behind it. */
function placeOf(field: HTMLElement, words: string, behind: number): Range | undefined {
  const { text, units } = readingOf(field);
  let at = text.length;
  for (let count = -1; count < behind && at >= 0; count += 1) {
    at = at === 0 ? -1 : text.lastIndexOf(words, at - 1);
  }
  const [first, last] = [units[at], units[at + words.length - 1]];
  if (!last || first?.node.parentNode !== last.node.parentNode) return undefined;
  const place = field.ownerDocument.createRange();
  place.setStart(first.node, first.at);
  place.setEnd(last.node, last.at + 1);
  return place;
}

/** How often words begin in a text. */
function timesIn(text: string, words: string): number {
  let times = 0;
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) times += 1;
  return times;
}

/** A field's text, and of each of its units where it stands; nothing where it stands for something drawn. */
function readingOf(field: HTMLElement): {
  readonly text: string;
  readonly units: readonly ({ readonly node: Text; readonly at: number } | undefined)[];
} {
  let text = '';
  const units: ({ readonly node: Text; readonly at: number } | undefined)[] = [];
  const put = (more: string, of?: Text): void => {
    for (let at = 0; at < more.length; at += 1) units.push(of && { node: of, at });
    text += more;
  };
  const read = (within: Element): void => {
    for (const child of within.childNodes) {
      if (child instanceof Text) put(child.data.replaceAll('\u00A0', ' '), child);
      else if (child instanceof HTMLElement) {
        if (!child.matches(node)) read(child);
        put(drawn);
      }
    }
  };
  read(field);
  return { text, units };
}

/** Puts a mention into its place. False when the editor did not take it; the words are there then. */
async function mention(
  field: HTMLElement,
  place: Range,
  user: string,
  { writesSpace }: MentionField,
): Promise<boolean> {
  const { ownerDocument: document } = field;
  const words = place.toString();
  const isMention = (one: Element): boolean => one.getAttribute('data-id') === user;
  const count = (): number => [...field.querySelectorAll(node)].filter(isMention).length;
  const before = count();
  const { endContainer: end, endOffset } = place;
  if (writesSpace && end instanceof Text && /^\s/u.test(end.data.slice(endOffset))) {
    place.setEnd(end, endOffset + 1);
  }
  const whole = place.toString();
  const span = document.createElement('span');
  Object.assign(span.dataset, { type: 'mention', id: user, label: words.slice(1) });
  span.textContent = words;
  place.deleteContents();
  place.insertNode(span);
  await taken();
  if (!span.isConnected) return count() > before;
  // Nobody made it their own: it would be sent as if it were none.
  span.replaceWith(whole);
  return false;
}

/** It stood in what went. The browser tells of it a turn later, which a key may come before. */
function caretToEnd(field: HTMLElement): void {
  const { ownerDocument: document } = field;
  const selection = document.getSelection();
  selection?.selectAllChildren(field);
  selection?.collapseToEnd();
  document.dispatchEvent(new Event('selectionchange'));
}

/** Editors hear of what changed in the page before the next task. */
function taken(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
