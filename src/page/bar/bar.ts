import type { BarMessageView, BarView } from '../../contract/views.ts';
import type { ConversationId, MessageId } from '../../message/message.ts';
import { settleTime } from '../click-guard.ts';
import type { OwnProgress } from '../progress.ts';
import { mark } from '../mark.ts';
import { hideIf, makeButton, makePart, write } from '../parts.ts';
import { carryOn, ownReadings, type ServerClock } from '../server-clock.ts';
import { makeIsland } from '../shadow.ts';
import { keepToOurselves } from '../own-events.ts';
import { makeAnnouncer } from './announcer.ts';
import { arrange } from './arrange.ts';
import { makeRow, type BarRow } from './bar-row.ts';
import { isOpen, lookOf, stateOf as findState, withoutWords, type RowState } from './bar-state.ts';
import type { BarSentences } from './bar-sentences.ts';
import { barCss } from './bar-style.ts';
import type { BarWorld } from './bar-world.ts';
import { makeSaid } from './said.ts';
import { makeSeat } from './seat.ts';
import { watchSizes } from './sizes.ts';
import { isWarnedOf, makeUnfolded } from './unfolded.ts';
import type { PutBackOutcome } from '../tools/put-back.ts';

/** How often (s) it is seen to that it fits what is around it, whatever is heard. */
const fittedEvery = 5;
/** How long (ms) that stays to be read at least which came of putting words back. */
const notedFor = 5_000;

export interface Bar {
  /** Shows what the worker said last. */
  readonly show: (view: BarView) => void;
  /** These menus of the page are open, over which it is not to lie. */
  readonly avoid: (menus: readonly Element[]) => void;
  /** Something in the page may stand elsewhere than before. */
  readonly noteMoved: () => void;
}

/**
 * Starts the undo bar: my messages that can still be recalled, newest first, in the browser's top
 * layer. It never takes the focus, never covers the composer, and stays while somebody is at it.
 */
export function startBar(world: BarWorld, sentences: BarSentences): Bar {
  const { document, signal } = world;
  const { host, inside } = makeIsland(document, 'bar', barCss);
  host.setAttribute('popover', 'manual');
  const box = makePart(document, 'div', 'bar');
  box.setAttribute('role', 'region');
  box.ariaLabel = sentences.label();
  world.sentences.setLanguage(box);
  const list = makePart(document, 'ul', 'rows');
  const more = makeButton(
    document,
    'more',
    ({ isTrusted }) => isTrusted,
    () => {
      isExpanded = !isExpanded;
      unfolded.startAfresh();
      draw();
    },
  );
  const said = makeSaid(document);
  box.append(list, more, said.element);
  inside.append(box);
  keepToOurselves(inside);

  const guard = world.guardClicks(box, host, inside);
  const rows = new Map<MessageId, BarRow>();
  const own = new Map<MessageId, OwnProgress>();
  /** What came of putting words back; `at`: by the clock of `performance`. */
  const notes = new Map<MessageId, PutBackOutcome & { readonly at: number }>();
  let view: BarView = { messages: [] };
  let clock: ServerClock | undefined;
  let isExpanded = false;
  let isHovered = false;
  /** The row under the pointer. */
  let pointed: Element | null | undefined;
  /** When another message came under the pointer, or something else lay on the bar. */
  let swappedAt = -Infinity;
  /** Where the focus was before it came into the bar. */
  let cameFrom: HTMLElement | undefined;
  const seat = makeSeat(world, box);
  /** The menus of the page that were open last. */
  let menus: readonly Element[] = [];
  let stopTicker: (() => void) | undefined;
  let settling: ReturnType<typeof setTimeout> | undefined;
  let ticks = 0;
  /** Whether something may stand elsewhere than when the bar was placed. */
  let isMoved = false;
  /** The composer grows with what is written. */
  const watch = watchSizes(() => {
    if (host.isConnected) place();
  });
  /** What `lookNow` said when the bar was drawn. */
  let look = '';
  /** The conversation that was open when the bar was drawn: what its buttons say is about that one. */
  let drawnIn: ConversationId | undefined;
  /** The messages in the bar, newest first. */
  let shown: readonly BarMessageView[] = [];
  const unfolded = makeUnfolded();

  const announce = makeAnnouncer({
    document,
    say: said.say,
    sentences,
    timeInWords: world.sentences.timeInWords,
    noteOf: (id) => notes.get(id)?.note,
    isToldElsewhere: (id) => !own.has(id) && world.isToldInRow(id),
  });

  /** A button that was clicked keeps the focus; that alone holds nobody there. */
  const isAtKeys = (): boolean => inside.activeElement?.matches(':focus-visible') === true;
  const atHand = (): MessageId | undefined => {
    const row = pointed ?? (isAtKeys() ? inside.activeElement?.closest('.row') : undefined);
    return [...rows].find(([, { element }]) => element === row)?.[0];
  };
  const isHeld = (): boolean => !document.hidden && (isHovered || isAtKeys());
  const isJustNoted = (id: MessageId): boolean =>
    performance.now() - (notes.get(id)?.at ?? -Infinity) < notedFor;
  /** What was pressed now may have been meant for what was there before. */
  const isSwapped = (): boolean => performance.now() - swappedAt < settleTime;

  const stateOf = (message: BarMessageView, now: number): RowState =>
    findState(message, {
      now,
      own: own.get(message.id),
      here: world.here,
      hereName: view.here?.conversation === world.here() ? view.here?.name : undefined,
      sentences: world.sentences,
      barSentences: sentences,
    });

  const recall = async ({ id, own: mine }: BarMessageView): Promise<void> => {
    own.set(id, { state: 'asking' });
    // Before anything is drawn, which takes as long as half of the way there.
    const asked = world.ask('recallMine', { id, ...(mine && { account: mine.account }) });
    draw();
    try {
      const outcome = await asked;
      const state = outcome.ok ? 'accepted' : outcome.why === 'waiting' ? 'waiting' : 'refused';
      own.set(id, { ...outcome, state });
    } catch {
      own.set(id, { state: 'unanswered' });
    }
    if (signal.aborted) return;
    draw();
    world.onSettled(id);
  };

  const dismiss = ({ id }: BarMessageView): void => {
    view = { ...view, messages: view.messages.filter((one) => one.id !== id) };
    own.delete(id);
    shown = shown.filter((one) => one.id !== id);
    draw();
    world.ask('dismissBar', [id]).catch(() => undefined);
  };

  const reedit = async (message: BarMessageView): Promise<void> => {
    const { id, own: mine } = message;
    if (!mine) return;
    const { account, conversation } = mine;
    const pressedIn = drawnIn;
    // What came of it before counts no more.
    notes.delete(id);
    draw();
    const outcome = await world.putBack({ account, conversation, id }, pressedIn);
    if (signal.aborted) return;
    notes.set(id, { ...outcome, at: performance.now() });
    draw();
  };

  const rowOf = (message: BarMessageView): BarRow => {
    const { id } = message;
    const known = rows.get(id);
    if (known) return known;
    const current = (): BarMessageView => shown.find((one) => one.id === id) ?? message;
    const row = makeRow({
      document,
      sentences,
      handSentences: world.sentences,
      makeTicking: world.makeTicking,
      allows: (event, button) => !isSwapped() && guard.allows(event, button),
      onRecall: () => void recall(current()),
      onReedit: () => void reedit(current()),
      onDismiss: () => {
        dismiss(current());
      },
    });
    rows.set(id, row);
    return row;
  };

  const draw = (): void => {
    const now = clock?.now();
    // The focus that leaves a bar that was taken away is told of, too.
    if (now === undefined || signal.aborted) return;
    drawnIn = world.here();
    for (const [id, { isPast }] of notes) if (isPast?.() === true) notes.delete(id);
    // What somebody is at does not vanish under their hands.
    const isAtIt = isHeld();
    const held = shown.filter(({ id }) => isAtIt || isJustNoted(id));
    const current = view.messages.filter(({ showUntil }) => showUntil > now);
    // What goes before its time was recalled elsewhere, or is nobody's here any more.
    const kept = held
      .filter(({ id }) => !current.some((one) => one.id === id))
      .filter(({ showUntil, isRecalled }) => showUntil <= now || isRecalled)
      .map(withoutWords);
    // Times are whole seconds: within one, the order is the worker's.
    shown = [...current, ...kept].sort((one, other) => other.time - one.time);
    if (shown.length < 2) isExpanded = false;
    const stateNow = (one: BarMessageView): RowState => stateOf(one, now);
    const listed = unfolded.choose(shown, stateNow, { isExpanded, atHand: atHand() });
    const elements = listed.map((message, at) => {
      const row = rowOf(message);
      row.show(
        message,
        stateNow(message),
        notes.get(message.id),
        message === shown[0] ? view.shortcut : undefined,
      );
      row.element.toggleAttribute('data-first', at === 0);
      return row.element;
    });
    const focused = inside.activeElement;
    const isByKeys = isAtKeys();
    if (arrange(list, elements)) swappedAt = performance.now();
    for (const id of rows.keys()) if (!shown.some((one) => one.id === id)) rows.delete(id);
    const open = shown.filter((one) => !listed.includes(one) && isOpen(stateNow(one)));
    hideIf(shown.length === listed.length && !isExpanded, more);
    mark(more, 'aria-expanded', String(isExpanded));
    write(more, isExpanded ? sentences.fewer() : sentences.more(open.length));
    box.toggleAttribute(
      'data-warns',
      listed.some((one) => isWarnedOf(one, stateNow(one))),
    );
    look = lookNow(now);
    if (shown.length > 0) comeUp();
    else goDown();
    announce(shown.map((message) => [message, stateNow(message)]));
    // Whoever goes by keys goes on with the next message; everybody else with what they were at.
    if (focused?.isConnected === false) {
      const next = isByKeys ? list.querySelector<HTMLElement>('.text') : null;
      (next ?? cameFrom)?.focus({ preventScroll: true });
    }
  };

  /** All that is to be seen but times, which are drawn without anything being written or laid out. */
  const lookNow = (now: number): string =>
    shown
      .map((one) => [
        ...[one.showUntil > now, notes.get(one.id)?.isPast?.(), isJustNoted(one.id)],
        lookOf(stateOf(one, now)),
      ])
      .join();
  const tick = (): void => {
    const now = clock?.now();
    if (document.hidden || now === undefined) return;
    ticks += 1;
    // A page may have closed it.
    if (!isUp() || lookNow(now) !== look) draw();
    else {
      for (const { id, until = now } of shown) rows.get(id)?.tick(until - now);
      // What is around it may have moved, or be dark.
      if (ticks % fittedEvery === 0) fit();
      else if (isMoved) place();
    }
  };

  const isUp = (): boolean => host.isConnected && host.matches(':popover-open');
  const comeUp = (): void => {
    const isFresh = !host.isConnected;
    world.onAdded(host);
    if (isFresh) {
      document.documentElement.append(host);
      said.come();
    }
    // A page may close it; then it comes back.
    if (!isUp()) host.showPopover();
    if (isFresh) seat.leave();
    fit();
    stopTicker ??= world.everySecond(tick);
  };

  const fit = (): void => {
    mark(box, 'data-scheme', world.isDarkBehind(document.body) ? 'dark' : 'light');
    const drawings = [...rows.values()].map((row) => row.prepare());
    for (const draw of drawings) draw();
    place();
    settle();
  };

  const rise = (): void => {
    const focused = inside.activeElement;
    host.hidePopover();
    host.showPopover();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    swappedAt = performance.now();
    settle();
  };

  const goDown = (): void => {
    stopTicker?.();
    stopTicker = undefined;
    clearTimeout(settling);
    settling = undefined;
    watch([]);
    host.remove();
    said.leave();
    // What is taken away under the pointer never hears that it left.
    isHovered = false;
    pointed = undefined;
    list.replaceChildren();
    rows.clear();
    seat.leave();
  };

  /** Moves the bar only when it has to, as a control that moves cannot be pressed. */
  const place = (): void => {
    // What is told anew may be told elsewhere.
    seat.take(menus, { about: shown[0]?.id, chat: drawnIn, isHeld: isHeld() });
    guard.sample();
    isMoved = false;
    watch(world.composer.parts());
  };

  /** Says that the buttons are not ready for as long as a press on them would not count. */
  const settle = (): void => {
    const isReady = !isSwapped() && guard.isSettled();
    for (const row of rows.values()) row.settle(isReady);
    clearTimeout(settling);
    settling = isReady ? undefined : setTimeout(settle, settleTime / 3);
  };

  box.addEventListener('pointerenter', () => {
    isHovered = true;
  });
  box.addEventListener('pointerover', ({ target }) => {
    if (target instanceof Element) pointed = target.closest('.row');
  });
  box.addEventListener('pointerleave', () => {
    isHovered = false;
    pointed = undefined;
    draw();
  });
  box.addEventListener('focusin', ({ relatedTarget }) => {
    const isOutside = relatedTarget instanceof HTMLElement && !inside.contains(relatedTarget);
    if (isOutside) cameFrom = relatedTarget;
  });
  box.addEventListener('focusout', () => {
    // Where the focus goes is known a turn later.
    setTimeout(draw);
  });
  // Firefox cannot tell whether something of the page lies on the bar and lets presses through: what
  // came up later does not stay on top.
  document.addEventListener(
    'toggle',
    ({ target }) => {
      if (host.isConnected && target !== host) rise();
    },
    { capture: true, passive: true, signal },
  );
  window.addEventListener('resize', draw, { passive: true, signal });
  // Time went by, or the browser keeps the page for the way back: what is recalled by the time somebody
  // comes is not to be read then, and what there is is asked for anew.
  document.addEventListener('visibilitychange', draw, { passive: true, signal });
  window.addEventListener(
    'pagehide',
    ({ isTrusted }) => {
      if (!isTrusted) return;
      view = { messages: [] };
      draw();
    },
    { passive: true, signal },
  );
  signal.addEventListener('abort', () => {
    goDown();
    guard.stop();
  });

  return {
    show(next) {
      view = next;
      if (next.time) clock = carryOn(next.time, ownReadings);
      for (const { id, progress, isRecalled } of next.messages) {
        if (isRecalled || progress) own.delete(id);
      }
      draw();
    },
    noteMoved() {
      isMoved = true;
    },
    avoid(open) {
      if (menus.length + open.length === 0) return;
      menus = open;
      if (host.isConnected) place();
    },
  };
}
