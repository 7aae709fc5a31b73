import type { MessageId } from '../message/message.ts';
import type { Box } from './box.ts';
import { watchAttention } from './attention.ts';
import { findBubble, findPlaceholder } from './chat-page.ts';
import { makeControl, type Control } from './control.ts';
import type { ControlsWorld } from './controls-world.ts';
import { everySecond } from './every-second.ts';
import { anchorAttribute, controlHost, underAttribute } from './hiding.ts';
import { mark } from './mark.ts';
import { startMenus } from './menus.ts';
import { isClose, watchNearness } from './nearness.ts';
import { isOnlyOffer, OfferedRows, type Bound, type Offered } from './offered.ts';
import { startPass, wouldStayBehind } from './placing.ts';
import { watchFocus } from './lost-focus.ts';
import type { PageRow } from './rows.ts';
import { watchScrolling } from './scrolling.ts';
import type { MenuOffer } from './tools/menu-entries.ts';

/**
 * The Recall controls of this page, each on its row. Only rows on the screen or close to it have one
 * in the page, and of those that only offer to recall the one somebody is at: each costs layout and
 * watching, and a list full of them is not read easily. None comes while the list is scrolled: until it
 * rests no list is changed, and nobody can press what moves. One that nobody is at is not seen any more;
 * it leaves the page when others come, or a few seconds later, but not as long as the focus is in it.
 */
export interface Controls {
  /**
   * Makes the row's control say how things are. A row with a placeholder gets one only for putting
   * its words back, beside `line`: our own sentence there.
   */
  paint(row: PageRow, line: Element | undefined): void;
  /** Whether the row has a control, or gets one when somebody is at it. */
  has(row: PageRow): boolean;
  isFocused(row: PageRow): boolean;
  /** Whether the focus is in the row's control, or went with it and is nowhere. */
  hadFocus(row: PageRow): boolean;
  /** Gives the focus that went with the row's control to what had it before; not as long as something may come there. */
  giveFocusBack(row: PageRow): void;
  /** Where those are in the window that somebody is at, or that say more than that a message can be recalled. */
  told(): readonly Box[];
  /** Whether a row of this message has its control in the page. */
  isThere(id: MessageId): boolean;
  /** Rows may have moved: puts the controls where they belong before the next frame. */
  readonly placeSoon: () => void;
  remove(row: PageRow): void;
}

/** How often (s) it is looked whether the controls still stand right, whatever is heard. */
const checkedEvery = 5;

export function startControls(options: ControlsWorld): Controls {
  const { document, sentences, guardClicks, knowledge, onAdded, signal } = options;
  const offered = new OfferedRows();
  /** The controls in the page. */
  const present = new Set<Control>();
  /** Whether a control in this row would stay behind; read for all that come before any is put. */
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
    !isDue && scrolling.isUnderWay() && document.activeElement?.matches(controlHost) !== true;

  const placeSoon = (): void => {
    if ((present.size > 0 && !isLeft()) || menus.isExpecting()) arrangeSoon();
  };

  /** In a frame, as it knows of all that was scrolled before it. */
  const arrangeSoon = (): void => {
    frame ??= requestAnimationFrame(arrange);
  };
  const arrange = (): void => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    frame = undefined;
    const all = [...offered];
    // The page is laid out once for those that come and those that go, and for what it does itself.
    const coming = isLeft() ? [] : all.filter(([row, here]) => !here.of && isNeeded(row, here));
    for (const [{ element }] of coming) behind.set(element, wouldStayBehind(element));
    const mayGo = isDue || isMoved || coming.length > 0;
    for (const [row, here] of all) attend(row, here, mayGo);
    behind.clear();
    if (present.size > 0 && !isLeft()) placeAll();
    isDue = isMoved = false;
    menus.look();
  };
  const arrangeAnyway = (): void => {
    isDue = true;
    attention.catchUp();
    arrangeSoon();
  };

  /** The controls that are seen, with their rows. */
  const seen = (): { of: Control; row: PageRow; line: Element | undefined; isRefused: boolean }[] =>
    [...offered].flatMap(([row, { of, line, state, isResting }]) =>
      of && !isResting ? [{ of, row, line, isRefused: state.name === 'refused' }] : [],
    );

  /** Reads for all first, then moves all: the page is laid out once. */
  const placeAll = (): void => {
    const pass = startPass(options.messages);
    const all = seen();
    const refused = all.filter(({ isRefused }) => isRefused);
    for (const { of } of refused) of.shorten(refused.length > 1);
    const moves = all.map(({ of, row: { element, page }, line }) =>
      of.place(line ?? findBubble(element, page), element, pass),
    );
    for (const move of moves) move();
    const drawings = all.map(({ of }) => of.prepare());
    for (const draw of drawings) draw();
    settle();
  };

  /** Says on each control whether a click would count, now and when that changes. */
  const settle = (): void => {
    clearTimeout(settling);
    if (isLeft()) return;
    const times = seen().map(({ of }) => of.settle());
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
      if ((seconds += 1) % checkedEvery > 0) return;
      if (present.size > 0 || [...offered].some((one) => isNeeded(...one))) arrangeAnyway();
    });
  };
  const refresh = (row: PageRow, here: Offered): void => {
    const { of, bound, state } = here;
    const next = row.id === bound.id ? knowledge.stateOf(bound.id) : undefined;
    if (next?.name !== state.name) options.onStale(row);
    else if (!attend(row, here) && !here.isResting) of?.show(next, knowledge.now);
  };
  const stopTicking = (): void => {
    stopTicker?.();
    stopTicker = undefined;
  };

  const nearness = watchNearness(arrangeSoon, signal);

  const attention = watchAttention({
    document,
    rowAt: (node) => offered.rowAt(node)?.element,
    isScrolled: () => scrolling.isUnderWay(),
    onChange: (isByKey) => {
      for (const [row, here] of offered) watch(row, here, () => isByKey && isClose(row.element));
      isDue ||= isByKey;
      // The focus goes on before the next frame.
      if (isByKey) arrange();
      else arrangeSoon();
    },
    signal,
  });

  /** Whether somebody may want to use or read a control on this row now. */
  const isNeeded = ({ element }: PageRow, { state, of }: Offered): boolean => {
    if (of?.isHeld() === true) return true;
    if (isOnlyOffer(state) && !attention.isOnAll()) return attention.isOn(element);
    return nearness.isNear(element);
  };
  /**
   * Whether a row is near is watched where that decides: each that is watched costs something in every
   * frame of the page's, and where a pointer rests is in sight.
   */
  const watch = ({ element }: PageRow, { state }: Offered, isNear: () => boolean): void => {
    if (isOnlyOffer(state) && !attention.isOnAll()) nearness.leave(element);
    else nearness.watch(element, isNear);
  };

  /**
   * Gives the row the control it should have now; whether there was anything to do. One that nobody
   * needs stays for a while, unseen.
   */
  const attend = (row: PageRow, here: Offered, mayGo = false): boolean => {
    const { of, isResting } = here;
    const needed = isNeeded(row, here);
    const goes = !needed && mayGo && !menus.holds(row.element);
    const isRight = of ? !goes && isResting !== needed : !needed;
    // None goes from a list that never rests.
    if (isRight || isLeft() || (!needed && scrolling.isUnderWay())) return false;
    if (goes) withdraw(row, here);
    else if (!needed) rest(here, true);
    else options.onStale(row);
    return true;
  };
  const rest = (here: Offered, isResting: boolean): void => {
    here.isResting = isResting;
    here.of?.host.toggleAttribute(underAttribute, isResting || isUnder);
  };

  const scrolling = watchScrolling({
    document,
    moves: (scroller) => [...offered.keys()].some(({ element }) => scroller.contains(element)),
    onScroll: () => {
      // Nothing is read for that: the page may have changed and would be laid out.
      if (scrolling.isUnderWay()) for (const control of present) control.unsettle();
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
    here.isResting = false;
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
      onReedit: () => options.onReedit(bound),
      onDismiss: () => {
        options.onDismiss(row);
      },
      onAsked: () => {
        knowledge.noteAsked(bound.id);
      },
      onResize: () => {
        placeSoon();
        options.onResized();
      },
      onSight: settle,
    });
    present.add(control);
    return control;
  };

  /** Puts the row's control into the page, and has it say how things are. */
  const put = (row: PageRow, here: Offered): void => {
    const { element } = row;
    const control = (here.of ??= make(row, here.bound));
    control.show(here.state, knowledge.now);
    rest(here, !isNeeded(row, here));
    onAdded(control.host);
    if (control.host.parentNode !== element) {
      const isBehind = behind.get(element) ?? wouldStayBehind(element);
      element.append(control.host);
      mark(element, anchorAttribute, isBehind ? '' : undefined);
      sizes.observe(element);
    }
    placeSoon();
  };

  /** What the menu of the row around this node may offer: bound to the message it shows now. */
  const offerAt = (node: Node): MenuOffer | undefined => {
    const row = offered.rowAt(node);
    const here = row && offered.get(row);
    if (!here || (!here.of && isLeft())) return undefined;
    if (!here.of) put(row, here);
    const { element, page } = row;
    const { id, account } = here.bound;
    // Its control may be another by then: one is made anew whenever somebody comes to the row.
    const offer = (): Offered | undefined => {
      const now = offered.get(row);
      const isSame = now?.bound.id === id && now.bound.account === account;
      return isSame && row.id === id ? now : undefined;
    };
    return {
      element,
      page,
      control: () => offer()?.of,
      text: sentences.recallEntry,
      onPress: (isSeen) => {
        const now = offer();
        // The focus may go to it.
        if (now) rest(now, false);
        now?.of?.begin(isSeen);
      },
    };
  };
  const isFocused = (row: PageRow): boolean => offered.get(row)?.of?.isFocused() ?? false;
  const lostFocus = watchFocus(document, (control) => offered.rowAt(control)?.id, signal);

  const menus = startMenus({
    document,
    pages: options.pages,
    guardClicks,
    tools: options.tools,
    setLanguage: sentences.setLanguage,
    offerAt,
    onOpen: (lists, isInRows) => {
      isUnder = isInRows;
      for (const here of offered.values()) rest(here, here.isResting);
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
      const bound = { id, account, view };
      const here = offered.get(row) ?? { bound, line, state, isResting: false };
      here.state = state;
      offered.set(row, here);
      watch(row, here, () => here.of !== undefined && !here.isResting);
      startTicking();
      if (here.of || (isNeeded(row, here) && !isLeft())) put(row, here);
    },
    has: (row) => offered.has(row),
    isFocused,
    hadFocus: (row) => isFocused(row) || lostFocus.wasAt(row.id),
    giveFocusBack({ element, page, id }) {
      const view = id === undefined ? undefined : knowledge.view(id);
      const isComing = !view?.placeholder && findPlaceholder(element, page) !== undefined;
      if (lostFocus.wasAt(id) && !isComing) lostFocus.giveBack();
    },
    isThere: (id) => [...offered].some(([row, { of }]) => row.id === id && of?.host.isConnected),
    told: () =>
      [...offered.values()].flatMap(({ of, isResting, state }) =>
        of && !isResting && (of.isHeld() || !isOnlyOffer(state)) ? of.region() : [],
      ),
    placeSoon() {
      isMoved = true;
      placeSoon();
    },
    remove,
  };
}
