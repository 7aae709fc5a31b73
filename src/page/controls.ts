import type { RowView } from '../contract/views.ts';
import type { AccountId, MessageId } from '../message/message.ts';
import { findBubble, findPlaceholder, type ChatPage } from './chat-page.ts';
import type { GuardClicks } from './click-guard.ts';
import { makeControl, type Control, type ControlState } from './control.ts';
import { everySecond } from './every-second.ts';
import type { HandSentences } from './hands/sentences.ts';
import { anchorAttribute, controlTag, underAttribute } from './hiding.ts';
import type { Knowledge } from './knowledge.ts';
import { mark } from './mark.ts';
import { startMenus, type MenuOffer } from './menus.ts';
import { watchNearness } from './nearness.ts';
import { startPass, wouldStayBehind } from './placing.ts';
import type { PageRow } from './rows.ts';
import { watchScrolling } from './scrolling.ts';
import type { Tools } from './tools/door.ts';

/** The message a control was offered for. */
export interface Bound {
  readonly id: MessageId;
  readonly account: AccountId;
  readonly view: RowView;
}

export interface ControlsOptions {
  readonly document: Document;
  readonly pages: readonly ChatPage[];
  readonly sentences: HandSentences;
  readonly guardClicks: GuardClicks;
  readonly knowledge: Knowledge;
  /** A person wants this message recalled, which the row showed when the control was offered. */
  readonly onRecall: (row: PageRow, bound: Bound) => void;
  /** A person wants the words of what they recalled back in the composer. */
  readonly onReedit: (bound: Bound) => void;
  readonly onDismiss: (row: PageRow) => void;
  /** Where the newest messages are in the window. */
  readonly messages: () => readonly DOMRect[];
  /** What is needed for an entry in a menu. */
  readonly tools: () => Promise<Tools>;
  /** These menus of the page are open. */
  readonly onMenus: (lists: readonly Element[]) => void;
  /** A node of ours is in the page. */
  readonly onAdded: (node: Node) => void;
  /** A row may need another control than it has: it came near, or its time is over. */
  readonly onStale: (row: PageRow) => void;
  /** Called every second while there is anything to offer. */
  readonly onTick: () => void;
  readonly signal: AbortSignal;
}

/**
 * The Recall controls of this page, each on its row. Only rows on the screen or close to it have one
 * in the page: each costs layout and watching, and nobody can press one that is far away. It comes
 * before its row is scrolled in, or when the scrolling rests: until then no list is changed, and nobody
 * can press what moves. It goes when others come, or a few seconds later, but not as long as the focus
 * is in it.
 */
export interface Controls {
  /**
   * Makes the row's control say how things are. A row with a placeholder gets one only for putting
   * its words back, beside `line`: our own sentence there.
   */
  paint(row: PageRow, line: Element | undefined): void;
  /** Whether the row has a control, or gets one when it comes near. */
  has(row: PageRow): boolean;
  isFocused(row: PageRow): boolean;
  /** Rows may have moved: puts the controls where they belong before the next frame. */
  readonly placeSoon: () => void;
  remove(row: PageRow): void;
}

/** How often (s) it is looked whether the controls still stand right, whatever is heard. */
const checkedEvery = 5;

interface Offered {
  readonly bound: Bound;
  /** What there is to say. */
  state: ControlState;
  /** Missing while the row is far from the screen. */
  of?: Control | undefined;
  /** Beside which it stands instead of the message. */
  readonly line: Element | undefined;
}

export function startControls(options: ControlsOptions): Controls {
  const { document, sentences, guardClicks, knowledge, onAdded, signal } = options;
  const offered = new Map<PageRow, Offered>();
  /** The controls in the page. */
  const present = new Map<Control, PageRow>();
  /** What `staysBehind` read, until the controls are placed. */
  const behind = new Map<Element, boolean>();
  /** Whether a menu of the page is open, over which they would lie. */
  let isUnder = false;
  let settling: ReturnType<typeof setTimeout> | undefined;
  let stopTicker: (() => void) | undefined;
  let frame: number | undefined;
  /** Whether they come and are placed in the next frame even while the list is scrolled. */
  let isDue = false;
  /** Whether the page is laid out anew by itself before the next frame. */
  let isMoved = false;
  const sizes = new ResizeObserver(() => {
    placeSoon();
  });

  /** Whether lists are left as they are, unless somebody goes by keyboard from control to control. */
  const isLeft = (): boolean =>
    !isDue && scrolling.isUnderWay() && document.activeElement?.localName !== controlTag;

  const placeSoon = (): void => {
    if ((present.size > 0 && !isLeft()) || menus.isExpecting()) arrangeSoon();
  };

  /** In a frame, as it knows of all that was scrolled before it. */
  const arrangeSoon = (): void => {
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      const all = [...offered];
      // The page is laid out once for those that come and those that go, and for what it does itself.
      const mayGo =
        isDue || isMoved || all.some(([row, { of }]) => !of && nearness.isNear(row.element));
      for (const [row, here] of all) attend(row, here, mayGo);
      if (present.size > 0 && !isLeft()) placeAll();
      isDue = isMoved = false;
      menus.look();
    });
  };
  const arrangeAnyway = (): void => {
    isDue = true;
    arrangeSoon();
  };

  /** Reads for all first, then moves all: the page is laid out once. */
  const placeAll = (): void => {
    const pass = startPass(options.messages);
    const moves = [...present].map(([control, row]) => {
      const { element, page } = row;
      return control.place(offered.get(row)?.line ?? findBubble(element, page), element, pass);
    });
    for (const move of moves) move();
    const drawings = [...present.keys()].map((control) => control.prepare());
    for (const draw of drawings) draw();
    behind.clear();
    settle();
  };

  /** Whether a control in this row would stay behind; read for all that came near before any is put. */
  const staysBehind = (element: Element): boolean => {
    if (!behind.has(element)) {
      for (const [row, { of }] of offered) {
        const isNext = row.element === element || (!of && nearness.isNear(row.element));
        if (isNext) behind.set(row.element, wouldStayBehind(row.element));
      }
    }
    return behind.get(element) ?? false;
  };

  /** Says on each control whether a click would count, now and when that changes. */
  const settle = (): void => {
    clearTimeout(settling);
    if (isLeft()) return;
    const times = [...present.keys()].map((control) => control.settle());
    const next = Math.min(...times.filter((left) => left > 0));
    settling = next === Infinity ? undefined : setTimeout(settle, next);
  };

  const startTicking = (): void => {
    let seconds = 0;
    stopTicker ??= everySecond(() => {
      if (document.hidden) return;
      options.onTick();
      for (const [row, here] of [...offered]) refresh(row, here);
      // What moves rows, or darkens the page, is heard of as a rule.
      if ((seconds += 1) % checkedEvery === 0) arrangeAnyway();
    });
  };
  const refresh = (row: PageRow, here: Offered): void => {
    const { of, bound, state } = here;
    const next = row.id === bound.id ? knowledge.stateOf(bound.id) : undefined;
    if (next?.name !== state.name) options.onStale(row);
    else if (!attend(row, here)) of?.show(next, knowledge.now);
  };
  const stopTicking = (): void => {
    stopTicker?.();
    stopTicker = undefined;
  };

  const nearness = watchNearness(() => {
    arrangeSoon();
  }, signal);

  /**
   * Gives the row the control it should have by where it is now; whether there was anything to do. One
   * that is out of sight may stay there for a while.
   */
  const attend = (row: PageRow, here: Offered, mayGo = false): boolean => {
    const isNear = nearness.isNear(row.element);
    const isRight = isNear ? here.of !== undefined : !mayGo || here.of?.isHeld() !== false;
    // None goes from a list that never rests.
    if (isRight || isLeft() || (!isNear && scrolling.isUnderWay())) return false;
    if (isNear) options.onStale(row);
    else withdraw(row, here);
    return true;
  };

  const scrolling = watchScrolling({
    document,
    moves: (scroller) => [...offered.keys()].some(({ element }) => scroller.contains(element)),
    onScroll: () => {
      // Nothing is read for that: the page may have changed and would be laid out.
      if (scrolling.isUnderWay()) for (const control of present.keys()) control.unsettle();
      placeSoon();
    },
    onRest: arrangeAnyway,
    signal,
  });

  /** Takes the control out of the page; it is still offered. */
  const withdraw = ({ element }: PageRow, here: Offered): void => {
    const { of } = here;
    if (!of) return;
    here.of = undefined;
    present.delete(of);
    of.remove();
    mark(element, anchorAttribute, undefined);
    sizes.unobserve(element);
    menus.look();
  };

  const remove = (row: PageRow): void => {
    const here = offered.get(row);
    if (!here) return;
    withdraw(row, here);
    offered.delete(row);
    nearness.leave(row.element);
    if (offered.size === 0) stopTicking();
  };

  const make = (row: PageRow, bound: Bound): Control => {
    const control = makeControl({
      document,
      sentences,
      guardClicks,
      author: bound.view.isMine ? undefined : bound.view.author,
      onRecall: () => {
        options.onRecall(row, bound);
      },
      onReedit: () => {
        options.onReedit(bound);
      },
      onDismiss: () => {
        options.onDismiss(row);
      },
      onAsked: () => {
        knowledge.noteAsked(bound.id);
      },
      onResize: placeSoon,
      onSight: settle,
    });
    control.host.toggleAttribute(underAttribute, isUnder);
    present.set(control, row);
    return control;
  };

  /** What the menu of the row around this node may offer: bound to the message it shows now. */
  const offerAt = (node: Node): MenuOffer | undefined => {
    for (const [row, { of, bound }] of offered) {
      const { element, page } = row;
      if (!of || !element.contains(node)) continue;
      // Its control may be another by then: one is made anew whenever the row comes near.
      const control = (): Control | undefined => {
        const now = offered.get(row);
        const isSame = now?.bound.id === bound.id && now.bound.account === bound.account;
        return isSame && row.id === bound.id ? now.of : undefined;
      };
      return {
        element,
        page,
        isOpen: () => control()?.mayRecall() === true,
        text: () => sentences.recallEntry(),
        label: () => control()?.label() ?? '',
        onPress: (isSeen) => {
          control()?.begin(isSeen);
        },
      };
    }
    return undefined;
  };
  const menus = startMenus({
    document,
    pages: options.pages,
    guardClicks,
    tools: options.tools,
    setLanguage: sentences.setLanguage,
    offerAt,
    onOpen: (lists, isInRows) => {
      isUnder = isInRows;
      for (const { host } of present.keys()) host.toggleAttribute(underAttribute, isInRows);
      options.onMenus(lists);
    },
    onAdded,
    signal,
  });

  signal.addEventListener('abort', () => {
    sizes.disconnect();
    stopTicking();
    clearTimeout(settling);
    if (frame !== undefined) cancelAnimationFrame(frame);
  });
  window.addEventListener('resize', placeSoon, { passive: true, signal });
  // The time that is drawn keeps the colour it was drawn with, which may be that of the ground now.
  for (const wish of ['(forced-colors: active)', '(prefers-color-scheme: dark)']) {
    window.matchMedia(wish).addEventListener('change', placeSoon, { signal });
  }

  return {
    paint(row, line) {
      const { element, id } = row;
      const { account } = knowledge;
      const view = id === undefined ? undefined : knowledge.view(id);
      const wanted = id === undefined ? undefined : knowledge.stateOf(id);
      const isFree =
        wanted?.name === 'reedit'
          ? line !== undefined
          : line === undefined && findPlaceholder(element, row.page) === undefined;
      const state = isFree ? wanted : undefined;
      const known = offered.get(row);
      const isBound = known?.bound.id === id && known?.bound.account === account;
      if (!state || !isBound || known?.line !== line) remove(row);
      if (!state || !view || id === undefined || account === undefined) return;
      const here = offered.get(row) ?? { bound: { id, account, view }, line, state };
      here.state = state;
      offered.set(row, here);
      nearness.watch(element);
      startTicking();
      if (!here.of && (!nearness.isNear(element) || isLeft())) return;
      const control = (here.of ??= make(row, here.bound));
      control.show(state, knowledge.now);
      onAdded(control.host);
      if (control.host.parentNode !== element) {
        const isBehind = staysBehind(element);
        element.append(control.host);
        mark(element, anchorAttribute, isBehind ? '' : undefined);
        sizes.observe(element);
      }
      placeSoon();
    },
    has: (row) => offered.has(row),
    isFocused: (row) => offered.get(row)?.of?.isFocused() ?? false,
    placeSoon() {
      isMoved = true;
      placeSoon();
    },
    remove,
  };
}
