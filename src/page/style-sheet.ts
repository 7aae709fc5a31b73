/** One sheet for all that have the same rules: each would else be read and kept for itself. */
const sheets = new Map<string, CSSStyleSheet>();

function sheetOf(css: string): CSSStyleSheet {
  let sheet = sheets.get(css);
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    sheets.set(css, sheet);
  }
  return sheet;
}

/**
 * Gives a document or a shadow root a style sheet of ours unless it has it, by constructed sheets,
 * which no Content-Security-Policy of the page forbids.
 */
export function adopt(root: Document | ShadowRoot, css: string): void {
  const sheet = sheetOf(css);
  const adopted = root.adoptedStyleSheets;
  if (!adopted.includes(sheet)) root.adoptedStyleSheets = [...adopted, sheet];
}
