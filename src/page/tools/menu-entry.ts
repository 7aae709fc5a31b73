import type { MessageMenu } from '../chat-page.ts';
import { isFiltered, settleTime, type GuardClicks } from '../click-guard.ts';
import { joinKeys } from './menu-keys.ts';
import { keepToOurselves } from '../own-events.ts';
import { makeIsland } from '../shadow.ts';

export interface MenuEntryOptions {
  readonly document: Document;
  /** The open menu, and the page's items of it as of now; ours is to look like the first. */
  readonly list: Element;
  readonly items: () => readonly HTMLElement[];
  readonly menu: MessageMenu;
  readonly guardClicks: GuardClicks;
  /** Says on an element which language the sentences are in. */
  readonly setLanguage: (element: HTMLElement) => void;
  readonly text: string;
  /** Its name for those who do not see it. */
  readonly label: string;
  /** A person pressed it; `isSeen`: and surely saw it. */
  readonly onPress: (isSeen: boolean) => void;
  /** A person wants the menu closed. */
  readonly onLeave: () => void;
}

/** Our entry in a page's own menu. */
export interface MenuEntry {
  readonly host: HTMLElement;
  remove(): void;
}

/** Opaque and without effects, as in `control-style.ts`; everything else is taken from the item. */
const css = `
:host{all:initial!important;display:block!important}
button{all:unset;box-sizing:border-box;display:flex;align-items:center;position:relative;width:100%;
  cursor:pointer;white-space:nowrap}
svg{position:absolute;fill:none;stroke:currentColor;stroke-width:1.5;stroke-linecap:round;
  stroke-linejoin:round}
button:hover{background:color-mix(in srgb,currentColor 8%,transparent)}
button:focus-visible{outline:2px solid;outline-offset:-2px}
@media (forced-colors:active){button:hover{outline:2px solid Highlight;outline-offset:-2px}}
`;

/** In a list whose items stand beside each other: level with them, whatever their base lines are. */
const inLine = ':host{align-self:center!important}';

/** An arrow that goes back, in a box of 16. */
const arrow = 'M6 3 3 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H6';

export function makeMenuEntry(options: MenuEntryOptions): MenuEntry {
  const { document, list, items, menu } = options;
  const { host, inside } = makeIsland(document, 'control', css + (isLine(list) ? inLine : ''));
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'entry';
  button.textContent = options.text;
  button.ariaLabel = options.label;
  options.setLanguage(button);
  const [item] = items();
  if (item) {
    dress(button, item, (menu.label === undefined ? null : item.querySelector(menu.label)) ?? item);
  }
  inside.append(button);
  keepToOurselves(inside);
  list.append(host);
  let leaveKeys = (): void => undefined;
  if (list.role === 'menu') {
    button.role = 'menuitem';
    // The keys of such a menu are the arrows: Tab is none of them.
    button.tabIndex = -1;
    leaveKeys = joinKeys({ list, items, entry: button, onLeave: options.onLeave });
  }

  const knowsSight = !isFiltered(list);
  const guard = options.guardClicks(button, host, inside, knowsSight);
  let settling: ReturnType<typeof setTimeout> | undefined;
  /** Says that it is not ready for as long as a click on it would not count. */
  const settle = (): void => {
    const isReady = guard.isSettled();
    button.ariaDisabled = isReady ? null : 'true';
    settling = isReady ? undefined : setTimeout(settle, settleTime / 3);
  };
  settle();
  button.addEventListener('click', (event) => {
    if (guard.allows(event, button)) options.onPress(knowsSight);
  });
  return {
    host,
    remove() {
      clearTimeout(settling);
      guard.stop();
      leaveKeys();
      host.remove();
    },
  };
}

function isLine(list: Element): boolean {
  const { display, flexDirection } = getComputedStyle(list);
  return display.endsWith('flex') && flexDirection.startsWith('row');
}

/** Makes the button look like the page's own item: its type, its colours, its words and icon in line. */
function dress(button: HTMLButtonElement, item: HTMLElement, label: Element): void {
  const its = getComputedStyle(label);
  const outer = getComputedStyle(item);
  const isRtl = outer.direction === 'rtl';
  const room = item.getBoundingClientRect();
  // A menu that grows into its place is measured too small.
  const scale = room.width > 0 ? item.offsetWidth / room.width : 1;
  const length = (pixels: number): string => `${Math.round(pixels * scale)}px`;
  const startOf = (box: DOMRect): number => (isRtl ? room.right - box.right : box.left - room.left);
  // What pads the words themselves is not in their box.
  const padding = Number.parseFloat(isRtl ? its.paddingRight : its.paddingLeft) || 0;
  Object.assign(button.style, {
    direction: outer.direction,
    // One by one: in forced colours Chromium has no `font` of them all.
    fontFamily: its.fontFamily,
    fontSize: its.fontSize,
    fontStyle: its.fontStyle,
    fontWeight: its.fontWeight,
    lineHeight: its.lineHeight,
    letterSpacing: its.letterSpacing,
    color: its.color,
    borderRadius: outer.borderRadius,
    minHeight: `${item.offsetHeight}px`,
    paddingInlineStart:
      label === item
        ? `${padding}px`
        : length(startOf(label.getBoundingClientRect()) + padding / scale),
    paddingInlineEnd: isRtl ? outer.paddingLeft : outer.paddingRight,
  });
  const picture = item.querySelector('svg,img,i')?.getBoundingClientRect();
  if (!picture || picture.width === 0) return;
  const icon = button.ownerDocument.createElementNS('http://www.w3.org/2000/svg', 'svg');
  icon.setAttribute('viewBox', '0 0 16 16');
  icon.ariaHidden = 'true';
  const path = button.ownerDocument.createElementNS(icon.namespaceURI, 'path');
  path.setAttribute('d', arrow);
  icon.append(path);
  Object.assign(icon.style, {
    width: length(picture.width),
    height: length(picture.height),
    insetInlineStart: length(startOf(picture)),
    top: length(picture.top - room.top),
  });
  button.append(icon);
}
