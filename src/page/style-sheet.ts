/**
 * Gives a document or a shadow root a style sheet of ours, by constructed sheets, which no
 * Content-Security-Policy of the page forbids.
 *
 * @returns takes the sheet away again.
 */
export function adopt(root: Document | ShadowRoot, css: string): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  return () => {
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
  };
}
