import type { RowView } from '../contract/views.ts';
import type { AccountId, MessageId } from '../message/message.ts';
import { findBubble, findPlaceholder, type ChatPage } from './chat-page.ts';
import type { GuardClicks } from './click-guard.ts';
import { makeControl, type Control } from './control.ts';
import type { HandSentences } from './hands/sentences.ts';
import { anchorAttribute, underAttribute } from './hiding.ts';
import type { Knowledge } from './knowledge.ts';
import { mark } from './mark.ts';
import { startMenus, type MenuOffer } from './menus.ts';
import { wouldStayBehind } from './placing.ts';
import type { PageRow } from './rows.ts';

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
  /** A node of ours is in the page. */
  readonly onAdded: (node: Node) => void;
  /** Called every second while there is a control, for the rows that have one. */
  readonly onTick: (rows: readonly PageRow[]) => void;
  readonly signal: AbortSignal;
}

/** The Recall controls of this page, each on its row. */
export interface Controls {
  /**
   * Makes the row's control say how things are. A row with a placeholder gets one only for putting
   * its words back, beside `line`: our own sentence there.
   */
  paint(row: PageRow, line: Element | undefined): void;
  has(row: PageRow): boolean;
  isFocused(row: PageRow): boolean;
  /** Rows may have moved: puts the controls where they belong before the next frame. */
  readonly placeSoon: () => void;
  remove(row: PageRow): void;
}

interface Offered {
  readonly of: Control;
  readonly bound: Bound;
  /** Beside which it stands instead of the message. */
  readonly line: Element | undefined;
}

/** How often (ms) times left are drawn. */
const tick = 1000;

export function startControls(options: ControlsOptions): Controls {
  const { document, sentences, guardClicks, knowledge, onAdded, signal } = options;
  const offered = new Map<PageRow, Offered>();
  let ticker: ReturnType<typeof setInterval> | undefined;
  let frame: number | undefined;
  const sizes = new ResizeObserver(() => {
    placeSoon();
  });

  const placeSoon = (): void => {
    if (offered.size === 0) return;
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      for (const [{ element, page }, { of, line }] of offered) {
        of.place(line ?? findBubble(element, page), element);
      }
      menus.look();
    });
  };

  const startTicking = (): void => {
    ticker ??= setInterval(() => {
      if (!document.hidden) options.onTick([...offered.keys()]);
    }, tick);
  };
  const stopTicking = (): void => {
    clearInterval(ticker);
    ticker = undefined;
  };

  const remove = (row: PageRow): void => {
    const control = offered.get(row);
    if (!control) return;
    control.of.remove();
    offered.delete(row);
    mark(row.element, anchorAttribute, undefined);
    sizes.unobserve(row.element);
    menus.look();
    if (offered.size === 0) stopTicking();
  };

  const offer = (row: PageRow, bound: Bound, line: Element | undefined): Control => {
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
      onResize: placeSoon,
    });
    offered.set(row, { of: control, bound, line });
    return control;
  };

  /** What the menu of the row around this node may offer: bound to the message it shows now. */
  const offerAt = (node: Node): MenuOffer | undefined => {
    for (const [row, { of, bound }] of offered) {
      const { element, page } = row;
      if (!element.contains(node)) continue;
      return {
        element,
        page,
        isOpen: () => offered.get(row)?.of === of && row.id === bound.id && of.mayRecall(),
        text: () => sentences.recallEntry(),
        label: () => of.label(),
        onPress: (isSeen) => {
          of.begin(isSeen);
        },
      };
    }
    return undefined;
  };
  const menus = startMenus({
    document,
    pages: options.pages,
    guardClicks,
    offerAt,
    onOpen: (isOpen) => {
      for (const { of } of offered.values()) of.host.toggleAttribute(underAttribute, isOpen);
    },
    onAdded,
    signal,
  });

  signal.addEventListener('abort', () => {
    sizes.disconnect();
    stopTicking();
    if (frame !== undefined) cancelAnimationFrame(frame);
  });
  document.addEventListener('scroll', placeSoon, { capture: true, passive: true, signal });
  window.addEventListener('resize', placeSoon, { passive: true, signal });

  return {
    paint(row, line) {
      const { element, id } = row;
      const { account, now } = knowledge;
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
      if (!state || !view || id === undefined || account === undefined || now === undefined) return;
      const control = offered.get(row)?.of ?? offer(row, { id, account, view }, line);
      control.show(state, now);
      onAdded(control.host);
      if (control.host.parentNode !== element) {
        element.append(control.host);
        mark(element, anchorAttribute, wouldStayBehind(element) ? '' : undefined);
        sizes.observe(element);
      }
      placeSoon();
      startTicking();
    },
    has: (row) => offered.has(row),
    isFocused: (row) => offered.get(row)?.of.isFocused() ?? false,
    placeSoon,
    remove,
  };
}
