import {
  anchorAttribute,
  barTag,
  controlTag,
  hiddenAttribute,
  quoteAttribute,
  standInTag,
} from './hiding.ts';

/** Takes away what an instance of us left behind that could not do so itself. */
export function sweep(document: Document): void {
  const ours = [controlTag, standInTag, barTag].join(',');
  for (const old of document.querySelectorAll(ours)) old.remove();
  for (const name of [hiddenAttribute, anchorAttribute, quoteAttribute]) {
    for (const old of document.querySelectorAll(`[${name}]`)) old.removeAttribute(name);
  }
  const sheets = document.adoptedStyleSheets.filter((sheet) => !isOurs(sheet));
  if (sheets.length < document.adoptedStyleSheets.length) document.adoptedStyleSheets = sheets;
}

function isOurs(sheet: CSSStyleSheet): boolean {
  const first = sheet.cssRules[0];
  return first instanceof CSSStyleRule && first.selectorText.includes(anchorAttribute);
}
