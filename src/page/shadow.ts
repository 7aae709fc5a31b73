import { kindAttribute } from './hiding.ts';
import { adopt } from './style-sheet.ts';
import { piecesOf, type Words } from '../ui/words.ts';

/** An element of ours in the page, whose inside the page cannot reach. */
export interface Island {
  readonly host: HTMLElement;
  readonly inside: ShadowRoot;
}

/**
 * Makes an element of ours. What page and kits say about its looks counts for nothing. It is of a kind
 * that no page can define: one that did would get at the inside by `attachInternals`.
 */
export function makeIsland(
  document: Document,
  kind: 'control' | 'placeholder' | 'bar',
  css: string,
): Island {
  const host = document.createElement('section');
  host.setAttribute(kindAttribute, kind);
  const inside = host.attachShadow({ mode: 'closed' });
  adopt(inside, css);
  return { host, inside };
}

/** Shows a sentence; every foreign name in it keeps its direction to itself. */
export function writeWords(into: Element, sentence: Words): void {
  const document = into.ownerDocument;
  into.replaceChildren(
    ...piecesOf(sentence).map(({ text, isName }) => {
      if (!isName) return text;
      const name = document.createElement('bdi');
      name.textContent = text;
      return name;
    }),
  );
}
