/** One sheet for all that have the same rules: each would else be read and kept for itself. */
const sheets = new Map<string, CSSStyleSheet>();

function sheetOf(css: string): CSSStyleSheet {
  const known = sheets.get(css);
  if (known) return known;
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  sheets.set(css, made);
  return made;
}

/**
 * Gives a document or a shadow root a style sheet of ours, by constructed sheets, which no
 * Content-Security-Policy of the page forbids.
 *
 * @returns takes the sheet away again.
 */
export function adopt(root: Document | ShadowRoot, css: string): () => void {
  const sheet = sheetOf(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  return () => {
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
  };
}
