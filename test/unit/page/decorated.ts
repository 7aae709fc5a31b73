import { vi } from 'vitest';
import type { GuardClicks } from '../../../src/page/click-guard.ts';
import type { ChoiceReply } from '../../../src/contract/menu-choice.ts';
import { startBar } from '../../../src/page/bar/bar.ts';
import { findBarDoor } from '../../../src/page/bar/door.ts';
import { decorate } from '../../../src/page/decorate.ts';
import { findDoor } from '../../../src/page/hands/door.ts';
import { startHands } from '../../../src/page/hands/hands.ts';
import type { HandSentences } from '../../../src/page/hands/sentences.ts';
import type { Pointed } from '../../../src/page/menu-choice.ts';
import { MenuTarget } from '../../../src/page/menu-target.ts';
import { allPages } from '../../../src/page/pages/all.ts';
import type { Sentences } from '../../../src/page/sentences.ts';
import { findToolsDoor } from '../../../src/page/tools/door.ts';
import { startTools } from '../../../src/page/tools/tools.ts';
import { barSentences } from './bar-sentences.ts';
import './fake-screen.ts';
import { FakeWorker } from './fake-worker.ts';

export const pages = allPages;

/** Sentences that show what they were made of. */
export const sentences: Sentences & HandSentences = {
  setLanguage: (element) => {
    element.lang = 'en';
    element.dir = 'ltr';
  },
  placeholder: ({ key, who, whose }) => ({
    text: {
      you: 'You recalled a message',
      otherParty: 'The other party recalled a message',
      someone: '\uE000 recalled a message',
      someoneFrom: '\uE000 recalled a message from \uE001',
      youFrom: 'You recalled a message from \uE001',
      someoneYours: '\uE000 recalled your message',
      unknown: 'A message was recalled',
    }[key],
    names: [who, whose],
  }),
  reason: (reason) => `Reason: ${reason}`,
  recalledAt: (clock) => `At ${new Date(clock).toISOString().slice(11, 16)}`,
  quoteRecalled: () => 'The quoted message was recalled',
  several: (count) => `${count} messages recalled`,
  recall: (left = '?', isAtLeast) => `Recall ${isAtLeast ? 'at least ' : ''}${left}`,
  recallLabel: (left = NaN, author = 'mine') => `Recall ${author}, ${left / 1000} s`,
  recallEntry: () => 'Recall',
  recalling: (isUnanswered) => (isUnanswered ? 'No answer yet' : 'Recalling…'),
  waiting: (left) => `Waiting ${left ?? ''}`.trim(),
  ask: (author) => ({ text: 'Recall \uE000?', names: [author] }),
  yes: () => 'Yes',
  no: () => 'No',
  again: () => 'Again',
  reedit: (minutes) => `Edit again ${minutes}`,
  dismiss: () => 'Dismiss',
  putBack: () => 'Put back',
  unmentioned: () => 'Put back without mentions',
  noComposer: () => 'No message box',
  goneWords: () => 'Gone',
  notPutBack: () => 'Not put back',
  refusal: ({ why, code }) => `Refused: ${why ?? ''} ${code ?? ''}`.trim(),
  unanswered: () => 'No answer',
  timeInWords: (ms) => `${ms / 1000} s`,
};

/** A page with Unsay in it, and what only Unsay can see. */
export interface Decorated {
  readonly worker: FakeWorker;
  readonly life: AbortController;
  /** Whether clicks count, and how often it was told that what it guards moves; see `click-guard.ts`. */
  readonly guard: { isOpen: boolean; unsettled: number };
  /** A person chose our entry in the browser's own menu. */
  choose(): ChoiceReply | undefined;
  /** The visible texts of ours in an element, in order. */
  says(element: Element): string[];
  button(element: Element, className?: string): HTMLButtonElement | undefined;
  press(element: Element, className?: string): void;
}

const roots = new WeakMap<Element, ShadowRoot>();
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its element
const attachShadow = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (init): ShadowRoot {
  const root = attachShadow.call(this, init);
  roots.set(this, root);
  return root;
};

// happy-dom 21 throws where the focus is in another shadow root.
const active = Object.getOwnPropertyDescriptor(ShadowRoot.prototype, 'activeElement');
Object.defineProperty(ShadowRoot.prototype, 'activeElement', {
  get(this: ShadowRoot): unknown {
    return document.activeElement === this.host ? active?.get?.call(this) : null;
  },
});

/** What only Unsay can see of an element of its own. */
export function insideOf(host: Element): ShadowRoot | undefined {
  return roots.get(host);
}

/** The words in an element, with what is only drawn. */
export function wordsIn(element: Element): string {
  return [element, ...element.childNodes]
    .map((part) =>
      part instanceof HTMLCanvasElement
        ? part.ariaLabel
        : part === element && part.firstChild
          ? ''
          : part.textContent,
    )
    .join('');
}

/** What those who listen get of a part: happy-dom 21 knows these properties, not their attributes. */
function spokenIn(part: Node): string {
  if (!(part instanceof HTMLElement)) return part.textContent ?? '';
  if (part.ariaHidden === 'true') return '';
  return part.ariaLabel ?? [...part.childNodes].map(spokenIn).join('');
}

/**
 * Hears what is read out from now on: what is in a polite status whenever something is written there
 * that is not hidden from those who listen. Returns what tells what was heard since it told last.
 */
export function readOut(within: Element): () => string[] {
  const heard: string[] = [];
  const statuses = [within, ...within.querySelectorAll('*')]
    .flatMap((host) => roots.get(host) ?? [])
    .flatMap((root) => [...root.querySelectorAll<HTMLElement>('[role=status]')]);
  const isHidden = (node: Node, status: Node): boolean => {
    for (let at: Node | null = node; at && at !== status; at = at.parentNode) {
      if (at instanceof HTMLElement && at.ariaHidden === 'true') return true;
    }
    return false;
  };
  for (const status of statuses) {
    new MutationObserver((records) => {
      if (status.ariaLive === 'off') return;
      if (records.every(({ target }) => isHidden(target, status))) return;
      const words = spokenIn(status);
      if (words !== '') heard.push(words);
    }).observe(status, { subtree: true, childList: true, characterData: true });
  }
  return () => heard.splice(0);
}

/** Starts Unsay in the present document. */
export function startDecorated(worker = new FakeWorker()): Decorated {
  const life = new AbortController();
  const guard = { isOpen: true, unsettled: 0 };
  const guardClicks: GuardClicks = () => ({
    sample: () => undefined,
    unsettle: () => {
      guard.unsettled += 1;
    },
    isSettled: () => guard.isOpen,
    settlesIn: () => (guard.isOpen ? 0 : Infinity),
    onSight: () => undefined,
    allows: () => guard.isOpen,
    stop: () => undefined,
  });
  worker.answers.summon = (script: unknown) => {
    if (script === 'tools') {
      const door = findToolsDoor();
      door?.enter(startTools(door.world, worker.ask as never));
    } else if (script === 'bar') {
      const door = findBarDoor();
      door?.enter(startBar(door.world, barSentences));
    } else {
      const door = findDoor();
      door?.enter(startHands(door.world, { guardClicks, sentences }));
    }
  };
  let onChoice: (() => ChoiceReply) | undefined;
  decorate({
    document,
    pages,
    ask: worker.ask,
    hear: worker.hear,
    hearMenuChoice: (heard) => (onChoice = heard),
    menuTarget: new MenuTarget<Pointed>(window, life.signal),
    sentences,
    signal: life.signal,
    onGone: () => {
      life.abort();
    },
  });
  const inside = (element: Element): ShadowRoot[] =>
    [...element.querySelectorAll('[data-unsay=control],[data-unsay=placeholder]')].flatMap(
      (host) => roots.get(host) ?? [],
    );
  const button: Decorated['button'] = (element, className = 'recall') =>
    inside(element)
      .map((root) => root.querySelector<HTMLButtonElement>(`button.${className}`))
      .find((found) => found !== null && !found.hidden) ?? undefined;
  return {
    worker,
    life,
    guard,
    choose: () => onChoice?.(),
    says: (element) =>
      inside(element).flatMap((root) =>
        [...root.querySelectorAll<HTMLElement>('.note,.line,.reason,button')]
          .filter(({ hidden }) => !hidden)
          .map((part) => wordsIn(part.querySelector('.seen') ?? part))
          .filter((text) => text !== ''),
      ),
    button,
    press(element, className) {
      const found = button(element, className);
      if (!found) throw new Error(`No button to press: ${element.outerHTML}`);
      found.click();
    },
  };
}

/** A row as the plain page writes it. */
export function plainRow(id: string, text = `words of ${id}`): HTMLLIElement {
  const row = document.createElement('li');
  row.dataset.messageId = id;
  const bubble = document.createElement('div');
  bubble.className = 'bubble';
  bubble.textContent = text;
  row.append(bubble);
  return row;
}

/** Everything in the document that a page could notice. */
export function snapshot(): string {
  return JSON.stringify([document.documentElement.outerHTML, document.adoptedStyleSheets.length]);
}

/** Fake timers that leave promises and mutation observers alone. */
export function fakeTime(): void {
  vi.useFakeTimers({
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'Date',
      'performance',
      'requestAnimationFrame',
      'cancelAnimationFrame',
    ],
  });
}
