/** For what is only said. */
export const spokenCss =
  '.said{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}';

/** Makes an element of what we show. */
export function makePart<Tag extends keyof HTMLElementTagNameMap>(
  document: Document,
  tag: Tag,
  className: string,
): HTMLElementTagNameMap[Tag] {
  const part = document.createElement(tag);
  part.className = className;
  return part;
}

/**
 * Makes a button of ours. `allows`: whether this click is one a person made, seeing the button.
 * `takesKeyboard`: whether whoever writes and presses it by mouse is taken to it. Words that are put
 * back take the focus themselves, and an Enter that comes before them must not send the draft they
 * go behind; of all else one goes on writing.
 */
export function makeButton(
  document: Document,
  className: string,
  allows: (event: MouseEvent, button: HTMLElement) => boolean,
  onPress: () => void,
  takesKeyboard = false,
): HTMLButtonElement {
  const button = makePart(document, 'button', className);
  button.type = 'button';
  if (!takesKeyboard) {
    button.addEventListener('mousedown', (event) => {
      const { activeElement } = button.getRootNode() as ShadowRoot;
      if (!activeElement) event.preventDefault();
    });
  }
  button.addEventListener('click', (event) => {
    if (allows(event, button)) onPress();
  });
  return button;
}

/** Has a part say this; where it does already nothing changes in the page. */
export function write(part: Element, text: string): void {
  if (part.textContent !== text) part.textContent = text;
}

/** Shows a part or does not; where that is so already nothing changes in the page. */
export function hideIf(isHidden: boolean, part: HTMLElement): void {
  if (part.hidden !== isHidden) part.hidden = isHidden;
}
