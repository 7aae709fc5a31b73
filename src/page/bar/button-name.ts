import { makePart, write } from '../parts.ts';

/**
 * Gives a button words to be seen and, where these say too little without what stands around it,
 * others to be heard. Not by `aria-label`: what is seen counts down every second, and a label is to
 * hold all that is seen (WCAG 2.5.3). Returns what sets them.
 */
export function nameButton(button: HTMLButtonElement): (seen: string, said?: string) => void {
  const { ownerDocument } = button;
  const sight = makePart(ownerDocument, 'span', 'seen');
  const speech = makePart(ownerDocument, 'span', 'said');
  button.append(sight, speech);
  return (seen, said = '') => {
    write(sight, seen);
    write(speech, said);
    sight.ariaHidden = said === '' ? null : 'true';
  };
}
