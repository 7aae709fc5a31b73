/**
 * Somebody else's text made fit for one line of ours: at most `most` characters (an ellipsis
 * included), control and direction characters taken out, white space folded. Joiners stay, as
 * emoji and several scripts need them. Cuts before it cleans, so that a megabyte costs nothing.
 */
export function plainText(text: string, most: number): string {
  // Twice as much as is shown, because cleaning shortens it; surrogate pairs count twice again.
  const head = text.slice(0, most * 4);
  const clean = plainPart(head).trim();
  const letters = Array.from(clean);
  const isCut = letters.length > most || head.length < text.length;
  return isCut ? `${letters.slice(0, most - 1).join('')}…` : clean;
}

/** Letters, digits, signs and single spaces of most languages: of these nothing is taken out. */
const plainAlready = /^(?:[!-~¡-¬®-ʯА-ѯ、-〕ぁ-ゖァ-ヿ一-鿿가-힣！-｠]| (?! ))*$/;

/** The same for a part of a text: nothing is cut, and the spaces at its ends stay. */
export function plainPart(text: string): string {
  // The patterns below take a browser some milliseconds to learn, each time the popup opens.
  if (plainAlready.test(text)) return text;
  return (
    text
      .replace(/[\p{Cc}\s]+/gu, ' ')
      .replace(/(?![\u200C\u200D])[\p{Cf}\p{Co}\p{Cs}]/gu, '')
      // Towers of combining marks would reach into the lines above and below.
      .replace(/(\p{M}{4})\p{M}+/gu, '$1')
  );
}

/** The same for a text of several lines, which stay lines. */
export function plainLines(text: string): string {
  return text.trim().split('\n').map(plainPart).join('\n');
}
