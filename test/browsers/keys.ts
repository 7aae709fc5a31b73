/** A key as the two protocols need it. */
export interface Key {
  /** KeyboardEvent.key */
  key: string;
  /** KeyboardEvent.code */
  code: string;
  /** The Windows virtual key code, which Chromium wants. */
  keyCode: number;
  /** The character WebDriver uses for the key. */
  webdriver: string;
  /** What the key types, if it types. */
  text?: string;
}

const NAMED: Record<string, Key> = {
  Backspace: { key: 'Backspace', code: 'Backspace', keyCode: 8, webdriver: '\uE003' },
  Tab: { key: 'Tab', code: 'Tab', keyCode: 9, webdriver: '\uE004' },
  Enter: { key: 'Enter', code: 'Enter', keyCode: 13, webdriver: '\uE007', text: '\r' },
  Shift: { key: 'Shift', code: 'ShiftLeft', keyCode: 16, webdriver: '\uE008' },
  Control: { key: 'Control', code: 'ControlLeft', keyCode: 17, webdriver: '\uE009' },
  Alt: { key: 'Alt', code: 'AltLeft', keyCode: 18, webdriver: '\uE00A' },
  Escape: { key: 'Escape', code: 'Escape', keyCode: 27, webdriver: '\uE00C' },
  Space: { key: ' ', code: 'Space', keyCode: 32, webdriver: ' ', text: ' ' },
  PageUp: { key: 'PageUp', code: 'PageUp', keyCode: 33, webdriver: '\uE00E' },
  PageDown: { key: 'PageDown', code: 'PageDown', keyCode: 34, webdriver: '\uE00F' },
  End: { key: 'End', code: 'End', keyCode: 35, webdriver: '\uE010' },
  Home: { key: 'Home', code: 'Home', keyCode: 36, webdriver: '\uE011' },
  ArrowLeft: { key: 'ArrowLeft', code: 'ArrowLeft', keyCode: 37, webdriver: '\uE012' },
  ArrowUp: { key: 'ArrowUp', code: 'ArrowUp', keyCode: 38, webdriver: '\uE013' },
  ArrowRight: { key: 'ArrowRight', code: 'ArrowRight', keyCode: 39, webdriver: '\uE014' },
  ArrowDown: { key: 'ArrowDown', code: 'ArrowDown', keyCode: 40, webdriver: '\uE015' },
  Delete: { key: 'Delete', code: 'Delete', keyCode: 46, webdriver: '\uE017' },
};

/** The bits of CDP's `modifiers`. */
const MODIFIER_BITS: Record<string, number> = { Alt: 1, Control: 2, Shift: 8 };

/**
 * Reads 'Control+Shift+A' into its keys, in the order they go down.
 *
 * @throws {Error} For a name that is neither in the list above nor a letter or digit.
 */
export function parseKeys(combination: string): Key[] {
  return combination.split('+').map((name) => {
    const key = NAMED[name] ?? keyOf(name);
    if (!key) throw new Error(`Unknown key: ${name}`);
    return key;
  });
}

/** The key that types this character on an English keyboard, if it is a letter or digit. */
export function keyOf(character: string): Key | undefined {
  if (!/^[a-z0-9]$/i.test(character)) return undefined;
  const upper = character.toUpperCase();
  return {
    key: character,
    code: /\d/.test(character) ? `Digit${character}` : `Key${upper}`,
    keyCode: upper.charCodeAt(0),
    webdriver: character,
    text: character,
  };
}

/** CDP's `modifiers` for the keys that are held down. */
export function modifierBits(held: readonly Key[]): number {
  return held.reduce((bits, { key }) => bits | (MODIFIER_BITS[key] ?? 0), 0);
}
