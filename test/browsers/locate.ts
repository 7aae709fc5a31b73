import type { Target } from './browser.ts';

/** A Target as JSON carries it. */
export interface TargetDescription {
  css?: string;
  label?: string;
  text?: string;
  role?: string;
  name?: string | { source: string; flags: string };
  within?: TargetDescription;
  nth?: number;
}

/** Where to click, or why that is not possible yet. */
export type Location = { x: number; y: number } | { why: string };

/** Makes a target fit for JSON. */
export function describe(target: Target): TargetDescription {
  if (typeof target === 'string') return { css: target };
  const { within, ...rest } = target;
  const name = 'name' in rest ? rest.name : undefined;
  return {
    ...rest,
    ...(within !== undefined && { within: describe(within) }),
    ...(name instanceof RegExp && { name: { source: name.source, flags: name.flags } }),
  };
}

/** The target in words, for error messages. */
export function wordsFor(target: Target): string {
  return typeof target === 'string' ? target : JSON.stringify(describe(target));
}

/**
 * Runs inside the page, so it must be self-contained: finds the target's element, scrolls it into view
 * and tells the point a person would aim at. With `purpose` 'look' it only says whether it is visible,
 * with 'focus' whether it has the focus, too.
 */
export function locateInPage(
  target: TargetDescription,
  purpose: 'aim' | 'look' | 'focus',
): Location {
  const IMPLICIT_ROLES: Record<string, string> = {
    button: 'button,input[type=button],input[type=submit],input[type=reset],summary',
    link: 'a[href]',
    textbox:
      'textarea,input:not([type]),input[type=text],input[type=email],input[type=url],input[type=tel],input[type=password]',
    searchbox: 'input[type=search]',
    spinbutton: 'input[type=number]',
    checkbox: 'input[type=checkbox]',
    radio: 'input[type=radio]',
    slider: 'input[type=range]',
    combobox: 'select',
    option: 'option',
    heading: 'h1,h2,h3,h4,h5,h6',
    list: 'ul,ol',
    listitem: 'li',
    img: 'img[alt]',
    dialog: 'dialog',
    status: 'output',
    main: 'main',
    navigation: 'nav',
    article: 'article',
    region: 'section[aria-label],section[aria-labelledby]',
    group: 'fieldset,details',
    progressbar: 'progress',
    form: 'form',
    table: 'table',
    row: 'tr',
    cell: 'td',
  };

  const normal = (text: string | null | undefined): string =>
    (text ?? '').replace(/\s+/g, ' ').trim().toLowerCase();

  const isVisible = (element: Element): boolean => {
    const box = element.getBoundingClientRect();
    return (
      box.width > 0 &&
      box.height > 0 &&
      element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })
    );
  };

  const textOf = (element: Element): string => {
    const shown = element instanceof HTMLElement ? element.innerText : '';
    return shown === '' ? element.textContent : shown;
  };

  // The first of what can name an element that does, in the order of the accessible name computation.
  const nameOf = (element: Element): string => {
    const field = element as HTMLInputElement;
    const isField = element.matches('input,textarea,select');
    const isInputButton = element.matches(
      'input[type=button],input[type=submit],input[type=reset]',
    );
    const labelIds = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/);
    const labelled = labelIds
      .map((id) => document.getElementById(id))
      .filter((found) => found !== null);
    const names = [
      labelled.map(textOf).join(' '),
      element.getAttribute('aria-label'),
      isField ? Array.from(field.labels ?? [], textOf).join(' ') : '',
      isInputButton ? field.value : '',
      element.getAttribute('alt'),
      isField ? field.getAttribute('placeholder') : textOf(element),
      element.getAttribute('title'),
    ];
    return names.map(normal).find((name) => name !== '') ?? '';
  };

  // An exact match wins over one that only holds the words: "Recall" is not "Recall last".
  const matching = (
    elements: Element[],
    wanted: string,
    wordsOf: (element: Element) => string,
  ): Element[] => {
    const exact = elements.filter((element) => wordsOf(element) === normal(wanted));
    return exact.length > 0
      ? exact
      : elements.filter((element) => wordsOf(element).includes(normal(wanted)));
  };

  const findIn = (scope: ParentNode, wanted: TargetDescription): Element[] => {
    const inside = wanted.within ? pick(findIn(scope, wanted.within), wanted.within) : scope;
    if (!inside) return [];
    const all = (css: string): Element[] => [...inside.querySelectorAll(css)];
    if (wanted.css !== undefined) return all(wanted.css);
    if (wanted.label !== undefined) {
      const fields = all('input,textarea,select,button,[role],[contenteditable],[aria-label]');
      return matching(fields, wanted.label, (field) =>
        field.matches('[type=hidden]') ? '' : nameOf(field),
      );
    }
    if (wanted.text !== undefined) {
      const holders = matching(all('*'), wanted.text, (element) =>
        element.matches('script,style,head,head *') ? '' : normal(textOf(element)),
      ).filter(isVisible);
      return holders.filter(
        (holder) => !holders.some((other) => other !== holder && holder.contains(other)),
      );
    }
    const role = wanted.role ?? '';
    const implicit = IMPLICIT_ROLES[role];
    const withRole = all(`[role="${role}"]`).concat(
      implicit === undefined
        ? []
        : all(implicit).filter((element) => !element.hasAttribute('role')),
    );
    if (wanted.name === undefined) return withRole;
    if (typeof wanted.name === 'string') return matching(withRole, wanted.name, nameOf);
    const pattern = new RegExp(wanted.name.source, wanted.name.flags.replace(/[gy]/g, ''));
    return withRole.filter(
      (element) => pattern.test(nameOf(element)) || pattern.test(textOf(element).trim()),
    );
  };

  const pick = (elements: Element[], wanted: TargetDescription): Element | undefined => {
    const visible = elements.filter(isVisible);
    return visible[wanted.nth ?? 0];
  };

  const found = findIn(document, target);
  const element = pick(found, target);
  if (!element) {
    return { why: found.length === 0 ? 'no such element' : 'it is there but not visible' };
  }
  if (purpose === 'look') return { x: 0, y: 0 };
  if (purpose === 'focus') {
    return element.contains(document.activeElement) ? { x: 0, y: 0 } : { why: 'it has no focus' };
  }
  if (element.matches(':disabled') || element.closest('[aria-disabled=true]')) {
    return { why: 'it is disabled' };
  }
  const isInView = (box: DOMRect): boolean =>
    box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
  if (!isInView(element.getBoundingClientRect())) {
    element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  }
  // The part of it that is on screen, for something larger than the screen.
  const box = element.getBoundingClientRect();
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const hit = document.elementFromPoint(x, y);
  const label = (element as HTMLInputElement).labels?.[0];
  if (!hit || !(element.contains(hit) || hit.contains(element) || label?.contains(hit))) {
    const cover = hit ? `<${hit.localName} id="${hit.id}" class="${hit.className}">` : 'nothing';
    return { why: `it is covered by ${cover}` };
  }
  return { x, y };
}
