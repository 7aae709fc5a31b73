import type { ChatPage } from './chat-page.ts';

/** Says of an element of ours in a page what it is. */
export const kindAttribute = 'data-unsay';
/** Our elements in a page: the one with a control, the one that stands in for a message, the bar. */
export const controlHost = `[${kindAttribute}=control]`;
export const standInHost = `[${kindAttribute}=placeholder]`;
export const barHost = `[${kindAttribute}=bar]`;

/** On a row whose message is replaced; see `hiddenValue`. */
export const hiddenAttribute = 'data-unsay-recalled';
/** On a row that must hold our control in place; see `anchorOf`. */
export const anchorAttribute = 'data-unsay-anchor';

/** On a control of ours that is not to be seen: nobody is at it, or it would lie over the page's menu. */
export const underAttribute = 'data-under';
/** On a control that is taller than others, and may have to lie over them. */
export const overAttribute = 'data-over';

/** On a quote of a recalled message. */
export const quoteAttribute = 'data-unsay-quote';

/** Font sizes (px) that a page's own placeholder may have. */
const sizes = /* @__PURE__ */ Array.from({ length: 13 }, (_, index) => index + 10);

/** What the hidden attribute says: the kind of page, and how the row is to be hidden. */
export function hiddenValue(
  page: ChatPage,
  how: {
    readonly keepsReedit: boolean;
    /** The page shows no placeholder itself: the row is laid out for the message. */
    readonly isBare: boolean;
    /** The font size (px) of the page's own placeholder. */
    readonly size: number;
  },
): string {
  return [
    how.keepsReedit ? withReedit(page) : page.name,
    ...(how.isBare ? ['bare'] : []),
    ...(sizes.includes(how.size) ? [`px${how.size}`] : []),
  ].join(' ');
}

/** What the hidden attribute says of a row of which nothing is to be seen. */
export const goneValue = 'gone';

/**
 * The rules that hide a recalled message in its row without touching the page's nodes. Text that
 * lies directly in the row has no element to hide, so it is made invisible and without size; the
 * parts that stay get theirs back.
 */
export function hidingCss(pages: readonly ChatPage[]): string {
  return [
    `[${anchorAttribute}]{position:relative!important}`,
    `[${hiddenAttribute}]{visibility:hidden!important;font-size:0!important}`,
    `[${hiddenAttribute}~="gone"],[${quoteAttribute}]{display:none!important}`,
    `[${hiddenAttribute}~="bare"]{display:block!important}`,
    ...sizes.map((size) => `[${hiddenAttribute}~="px${size}"]{--unsay-size:${size}px}`),
    ...pages.flatMap((page) => [
      ...rulesFor(page.name, [page.kept]),
      ...rulesFor(withReedit(page), [page.kept, page.reedit]),
    ]),
  ].join('\n');
}

/** The kind of page, where its Re-edit button stays. */
function withReedit({ name }: ChatPage): string {
  return `${name}-reedit`;
}

function rulesFor(name: string, parts: readonly (string | undefined)[]): string[] {
  // Said twice it outweighs most of what a page says of its own parts.
  const row = `[${hiddenAttribute}][${hiddenAttribute}~="${name}"]`;
  const kept = parts.filter((part) => part !== undefined).join(',');
  if (kept === '') {
    return [`${row} :not(${standInHost},:has(${standInHost})){display:none!important}`];
  }
  const stays = `${standInHost},${kept}`;
  return [
    `${row} :not(${stays},:has(${stays})):not(:is(${kept}) *){display:none!important}`,
    `${row} :is(${kept}){visibility:visible!important;font-size:var(--unsay-size,12px)!important}`,
  ];
}
