import type { ChatPage } from './chat-page.ts';

/** Where people write in a chat page. */
export interface Composer {
  /** The field itself; undefined when none can be seen. */
  find(): HTMLElement | undefined;
  /** The part of the window it takes up together with its own tools, which nothing may cover. */
  region(): DOMRect | undefined;
  /** The elements that gave the last region, whose size says when it is another. */
  parts(): readonly Element[];
  /** What is written in it now. */
  text(): string;
}

const boxes = 'textarea,[contenteditable]:not([contenteditable="false"])';
const lines = 'input:not([enterkeyhint="search"],[role="searchbox"])';
const inputTypes = ['text', ''];
/** A message box narrower than this (px) is none, but one that is known: kits let theirs shrink. */
const narrowest = 100;
/** The tools around a field take up at most this part of the window's height. */
const tallest = 0.45;
/** A row of tools is no taller than this (px); what is taller are messages. */
const tallestTools = 80;

/** How long (ms) a field is taken for the composer without looking for a better one. */
const keeping = 30_000;

/**
 * Finds the composer of a page: where `pages` say it is, else the lowest field that can be seen and
 * written in. Where rows of a kind are that has a known one, no line counts: a kit takes its composer
 * away from whoever may not write, and what is left is the search (chat-uikit-vue 3.0.2). Looking
 * through ten thousand rows takes milliseconds, so it is done anew only when `changes` tells another
 * number, the window has another width, the field went, or it is long ago.
 */
export function findComposer(
  document: Document,
  pages: readonly ChatPage[],
  changes: () => number,
): Composer {
  const known = pages.filter(({ composer }) => composer !== undefined);
  const named = known.map(({ composer }) => composer).join(',');
  const ofKnown = known.map(({ rows }) => rows).join(',');
  let found:
    { field: HTMLElement | undefined; changes: number; width: number; until: number } | undefined;
  const find = (): HTMLElement | undefined => {
    const now = performance.now();
    const isSame = found?.changes === changes() && found.width === innerWidth && now < found.until;
    if (!isSame || (found?.field && !isFit(found.field))) {
      const field = (named === '' ? undefined : lowest(named)) ?? lowest(others());
      found = { field, changes: changes(), width: innerWidth, until: now + keeping };
    }
    return found?.field;
  };
  let parts: readonly Element[] = [];
  /** Whether somebody can see it and write in it. */
  const isFit = (field: HTMLElement): boolean => {
    if (!field.isConnected || !isWritable(field)) return false;
    const { width, height } = field.getBoundingClientRect();
    const least = named !== '' && field.matches(named) ? 1 : narrowest;
    return width >= least && height > 0;
  };
  const others = (): string => {
    const isKnown = ofKnown !== '' && document.querySelector(ofKnown) !== null;
    return isKnown ? boxes : `${boxes},${lines}`;
  };
  const lowest = (selector: string): HTMLElement | undefined => {
    let found: HTMLElement | undefined;
    let depth = -1;
    for (const field of document.querySelectorAll<HTMLElement>(selector)) {
      if (!isFit(field)) continue;
      const { bottom } = field.getBoundingClientRect();
      if (bottom < depth) continue;
      found = field;
      depth = bottom;
    }
    return found;
  };
  return {
    find,
    region() {
      let at: Element | null = find() ?? null;
      parts = at ? [at] : [];
      if (!at) return undefined;
      let region = at.getBoundingClientRect();
      for (; at.parentElement; at = at.parentElement) {
        const around = at.parentElement.getBoundingClientRect();
        if (around.height > innerHeight * tallest || around.top < innerHeight * 0.25) break;
        if (around.height > 0) region = around;
        parts = [...parts, at.parentElement];
      }
      // chat-uikit-vue has its tools in a row of their own above the field's (seen in 3.0.2).
      const tools = at.previousElementSibling?.getBoundingClientRect();
      const isClose =
        tools && Math.abs(tools.bottom - region.top) < 4 && tools.height < tallestTools;
      return isClose
        ? new DOMRect(region.left, tools.top, region.width, region.bottom - tools.top)
        : region;
    },
    parts: () => parts,
    text: () => textOf(find()),
  };
}

/** Whether the focus is where one can write, be it the composer or not; cheap to ask. */
export function isAtField(document: Document): boolean {
  return document.activeElement?.matches('textarea,input,[contenteditable]') === true;
}

/** Whether it is a field of plain text. */
export function isInput(field: Element): field is HTMLTextAreaElement | HTMLInputElement {
  return field.localName === 'textarea' || field.localName === 'input';
}

function isWritable(field: HTMLElement): boolean {
  if (!isInput(field)) return true;
  const isText = field.localName === 'textarea' || inputTypes.includes(field.type);
  return isText && !field.disabled && !field.readOnly;
}

/** What is written in a field. */
export function textOf(field: HTMLElement | undefined): string {
  if (!field) return '';
  return isInput(field) ? field.value : field.innerText.replace(/\n$/u, '');
}
