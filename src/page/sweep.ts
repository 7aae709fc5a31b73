import {
  anchorAttribute,
  barHost,
  controlHost,
  hiddenAttribute,
  quoteAttribute,
  standInHost,
} from './hiding.ts';

const ours = [controlHost, standInHost, barHost].join(',');
/** A row with something of ours. One question: ten thousand rows that are no copies must not cost much. */
const copied = `[${hiddenAttribute}],[${anchorAttribute}],:has(> ${controlHost})`;
const marks = [hiddenAttribute, anchorAttribute, quoteAttribute];

/** Takes away our style sheet, and what an instance of us left behind that could not do so itself. */
export function sweep(document: Document): void {
  clear(document);
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !isOurs(sheet));
}

/**
 * Takes away what a row brings along that the page made as a copy of another with something of ours in
 * it. A copy of our element has no inside, and a copy of our mark would hide what is no recalled message.
 */
export function sweepCopy(row: Element): void {
  if (!row.matches(copied)) return;
  clear(row);
  for (const name of marks) row.removeAttribute(name);
}

function clear(root: Document | Element): void {
  for (const old of root.querySelectorAll(ours)) old.remove();
  for (const name of marks) {
    for (const old of root.querySelectorAll(`[${name}]`)) old.removeAttribute(name);
  }
}

function isOurs(sheet: CSSStyleSheet): boolean {
  return sheet.cssRules[0]?.cssText.includes(anchorAttribute) === true;
}
