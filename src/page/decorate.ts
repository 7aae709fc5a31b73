import type { ask } from '../contract/channel.ts';
import type { Answered } from '../contract/contract.ts';
import type { hear } from '../contract/news.ts';
import type { ProgressView, RowView } from '../contract/views.ts';
import { userOf, type AccountId, type MessageId } from '../message/message.ts';
import { isFinal, spoken } from '../ui/words.ts';
import { findBubble, findPlaceholder, findReedit, sentenceOf, type ChatPage } from './chat-page.ts';
import type { GuardClicks } from './click-guard.ts';
import { makeControl, type Control, type ControlState } from './control.ts';
import { anchorAttribute, hiddenAttribute, hiddenValue, hidingCss } from './hiding.ts';
import { startLooks } from './looks.ts';
import { wouldStayBehind } from './placing.ts';
import { watchRows, type PageRow } from './rows.ts';
import type { Sentences } from './sentences.ts';
import { carryOn, ownReadings, type ServerClock } from './server-clock.ts';
import { readClaims } from './session/claims.ts';
import { makeStandIn, type StandIn } from './stand-in.ts';
import { adopt } from './style-sheet.ts';
import { sweep } from './sweep.ts';

export interface DecorateOptions {
  readonly document: Document;
  /** The kinds of pages there are; the first that claims a row has it. */
  readonly pages: readonly ChatPage[];
  readonly ask: typeof ask;
  readonly hear: typeof hear;
  readonly sentences: Sentences;
  readonly guardClicks: GuardClicks;
  /** Ends everything: our script is replaced or the extension gone. */
  readonly signal: AbortSignal;
  /** The site was turned off, or the extension is gone. */
  readonly onGone: () => void;
}

/** What we have in one row. */
interface Decoration {
  control?:
    { readonly of: Control; readonly id: MessageId; readonly account: AccountId } | undefined;
  standIn?: StandIn | undefined;
  /** The font size (px) of the page's own placeholder, which ours takes over; 0 without one. */
  size?: number | undefined;
}

/** A recall asked for in this page, as far as this page knows by itself. */
type OwnProgress = ProgressView | { readonly state: 'unanswered' };

/** How often (ms) times left are drawn. */
const tick = 1000;

/**
 * Puts a Recall control on rows that may be recalled and a placeholder in place of recalled ones,
 * keeps both true, and takes everything away again when `signal` aborts.
 */
export function decorate(options: DecorateOptions): void {
  const { document, pages, ask, hear, sentences, signal } = options;
  sweep(document);
  const removeSheet = adopt(document, hidingCss(pages));
  const decorations = new WeakMap<PageRow, Decoration>();
  const rowsOf = new Map<MessageId, Set<PageRow>>();
  const idOf = new WeakMap<PageRow, MessageId>();
  const views = new Map<MessageId, RowView>();
  const own = new Map<MessageId, OwnProgress>();
  const dismissed = new Map<MessageId, string>();
  const controlled = new Set<PageRow>();
  const decorated = new Set<PageRow>();
  const added = new WeakSet<Node>();
  let account: AccountId | undefined;
  let clock: ServerClock | undefined;
  /** Who the page said it is signed in as when that was last asked; null before. */
  let session: string | null | undefined = null;
  let ticker: ReturnType<typeof setInterval> | undefined;
  let frame: number | undefined;

  const claims = readClaims(
    document,
    () => {
      rows.retry();
      looks.want(rowsOf.keys());
    },
    signal,
  );
  const sizes = new ResizeObserver(() => {
    placeSoon();
  });

  const looks = startLooks({
    ask,
    session: () => {
      const now = claims.session();
      const name = now && `${now.account ?? ''} ${now.userId}`;
      const isAnother = session !== null && session !== name;
      session = name;
      // Nothing that was known for the one user may stay for the other.
      if (isAnother) forgetViews();
      return now?.account;
    },
    onAnswer: (ids, answer) => {
      learn(ids, answer);
    },
    signal,
  });

  const forgetViews = (): void => {
    views.clear();
    own.clear();
    for (const row of [...decorated]) paint(row);
    looks.want(rowsOf.keys());
  };

  const learn = (ids: readonly MessageId[], answer: Answered<'look'>): void => {
    if (answer.account !== account) {
      const isAnother = account !== undefined;
      account = answer.account;
      if (isAnother) forgetViews();
    }
    if (answer.time) clock = carryOn(answer.time, ownReadings);
    const isStranger =
      account !== undefined && (claims.session()?.userId ?? userOf(account)) !== userOf(account);
    const known = new Map(isStranger ? [] : answer.rows.map((view) => [view.id, view]));
    for (const id of ids) {
      const view = known.get(id);
      if (view) views.set(id, view);
      else views.delete(id);
      if (view?.progress ?? view?.placeholder) own.delete(id);
      paintAll(id);
    }
    placeSoon();
  };

  const paintAll = (id: MessageId): void => {
    for (const row of rowsOf.get(id) ?? []) paint(row);
  };

  const paint = (row: PageRow): void => {
    const view = row.id === undefined ? undefined : views.get(row.id);
    const decoration = decorations.get(row) ?? {};
    decorations.set(row, decoration);
    const hadFocus = decoration.control?.of.isFocused() ?? false;
    paintStandIn(row, decoration, view);
    paintControl(row, decoration, view);
    if (hadFocus && !decoration.control) decoration.standIn?.focus();
    if (decoration.control ?? decoration.standIn) decorated.add(row);
    else decorated.delete(row);
  };

  const paintStandIn = (row: PageRow, decoration: Decoration, view: RowView | undefined): void => {
    const { element, page } = row;
    const words = view?.placeholder && sentences.placeholder(view.placeholder);
    const theirs = findPlaceholder(element, page);
    const reedit = theirs && findReedit(theirs, page);
    const mayReedit = view?.placeholder?.key === 'you';
    const isRight =
      words !== undefined &&
      theirs !== undefined &&
      (mayReedit || !reedit) &&
      sentenceOf(theirs, page) === spoken(words);
    if (!words || isRight) {
      decoration.standIn?.remove();
      decoration.standIn = undefined;
      decoration.size = undefined;
      setAttribute(element, hiddenAttribute, undefined);
      return;
    }
    // Read before ours is there and theirs is hidden.
    decoration.size ??= theirs ? Math.round(parseFloat(getComputedStyle(theirs).fontSize)) : 0;
    const standIn = (decoration.standIn ??= makeStandIn(document));
    const keepsReedit = mayReedit && reedit !== undefined;
    standIn.show(
      words,
      view.reason === undefined ? '' : sentences.reason(view.reason),
      keepsReedit ? 'reedit' : theirs ? 'inside' : 'alone',
    );
    added.add(standIn.host);
    if (theirs) {
      if (theirs.firstChild !== standIn.host) theirs.prepend(standIn.host);
    } else if (standIn.host.parentNode !== element) element.append(standIn.host);
    setAttribute(
      element,
      hiddenAttribute,
      hiddenValue(page, {
        keepsReedit,
        isBare: !theirs,
        size: decoration.size,
      }),
    );
  };

  const paintControl = (row: PageRow, decoration: Decoration, view: RowView | undefined): void => {
    const { element, id } = row;
    const now = clock?.now();
    const state =
      view && id !== undefined && now !== undefined && !decoration.standIn
        ? stateOf(id, view, now)
        : undefined;
    const isBound = decoration.control?.id === id && decoration.control?.account === account;
    if (!state || !isBound || findPlaceholder(element, row.page)) removeControl(row, decoration);
    if (!state || !view || id === undefined || account === undefined || now === undefined) return;
    if (findPlaceholder(element, row.page)) return;
    decoration.control ??= { of: makeRowControl(row, view), id, account };
    const { of: control } = decoration.control;
    control.show(state, now);
    added.add(control.host);
    if (control.host.parentNode !== element) {
      element.append(control.host);
      setAttribute(element, anchorAttribute, wouldStayBehind(element) ? '' : undefined);
      sizes.observe(element);
    }
    controlled.add(row);
    placeSoon();
    startTicking();
  };

  const removeControl = (row: PageRow, decoration: Decoration): void => {
    if (!decoration.control) return;
    decoration.control.of.remove();
    decoration.control = undefined;
    setAttribute(row.element, anchorAttribute, undefined);
    sizes.unobserve(row.element);
    controlled.delete(row);
    if (controlled.size === 0) stopTicking();
  };

  const stateOf = (id: MessageId, view: RowView, now: number): ControlState | undefined => {
    const until = view.until !== undefined && view.until > now ? view.until : undefined;
    const offer = until === undefined ? undefined : ({ name: 'offer', until } as const);
    const progress = own.get(id) ?? view.progress;
    switch (progress?.state) {
      case undefined:
        return offer;
      case 'asking':
      case 'accepted':
        return { name: 'recalling' };
      case 'waiting':
        return { name: 'waiting', until: progress.until };
      case 'refused': {
        const text = sentences.refusal(progress);
        if (dismissed.get(id) === text)
          return isFinal(progress.why ?? 'unknown') ? undefined : offer;
        return {
          name: 'refused',
          text,
          until: isFinal(progress.why ?? 'unknown') ? undefined : until,
        };
      }
      case 'unanswered':
        return { name: 'refused', text: sentences.unanswered(), until };
    }
  };

  const makeRowControl = (row: PageRow, view: RowView): Control =>
    makeControl({
      document,
      sentences,
      guardClicks: options.guardClicks,
      author: view.isMine ? undefined : view.author,
      onRecall: () => {
        void recall(row);
      },
      onDismiss: () => {
        dismiss(row);
      },
      onResize: placeSoon,
    });

  const recall = async (row: PageRow): Promise<void> => {
    const bound = decorations.get(row)?.control;
    const view = bound && views.get(bound.id);
    // The row must still be the message that the control was offered for.
    if (!bound || !view || rows.nameOf(row) !== bound.id) return;
    const { id, account: boundAccount } = bound;
    dismissed.delete(id);
    own.set(id, { state: 'asking' });
    paintAll(id);
    try {
      const outcome = await ask('recall', {
        account: boundAccount,
        conversation: view.conversation,
        id,
      });
      if (outcome.ok) own.set(id, { state: 'accepted' });
      else {
        const state = outcome.why === 'waiting' ? 'waiting' : 'refused';
        own.set(id, { ...outcome, state });
      }
    } catch {
      own.set(id, { state: 'unanswered' });
    }
    if (signal.aborted) return;
    paintAll(id);
    looks.want([id]);
  };

  const dismiss = (row: PageRow): void => {
    const { id } = row;
    if (id === undefined) return;
    const progress = own.get(id) ?? views.get(id)?.progress;
    if (progress?.state === 'refused') dismissed.set(id, sentences.refusal(progress));
    else own.delete(id);
    paintAll(id);
  };

  const placeSoon = (): void => {
    if (controlled.size === 0) return;
    frame ??= requestAnimationFrame(() => {
      frame = undefined;
      for (const row of controlled) {
        decorations.get(row)?.control?.of.place(findBubble(row.element, row.page), row.element);
      }
    });
  };

  const startTicking = (): void => {
    ticker ??= setInterval(() => {
      if (document.hidden) return;
      if (clock?.isDoubtful() === true) looks.want(rowsOf.keys());
      for (const row of [...controlled]) paint(row);
    }, tick);
  };
  const stopTicking = (): void => {
    clearInterval(ticker);
    ticker = undefined;
  };

  const setAttribute = (element: Element, name: string, value: string | undefined): void => {
    if (value === undefined) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };

  const leaveRow = (row: PageRow): void => {
    const id = idOf.get(row);
    idOf.delete(row);
    if (id === undefined) return;
    const others = rowsOf.get(id);
    others?.delete(row);
    if (others?.size === 0) rowsOf.delete(id);
  };

  const undecorate = (row: PageRow): void => {
    const decoration = decorations.get(row);
    if (!decoration) return;
    removeControl(row, decoration);
    decoration.standIn?.remove();
    decoration.standIn = undefined;
    setAttribute(row.element, hiddenAttribute, undefined);
    decorated.delete(row);
  };

  document.addEventListener('scroll', placeSoon, { capture: true, passive: true, signal });
  window.addEventListener('resize', placeSoon, { passive: true, signal });
  signal.addEventListener('abort', () => {
    for (const row of [...decorated]) undecorate(row);
    sizes.disconnect();
    stopTicking();
    if (frame !== undefined) cancelAnimationFrame(frame);
    removeSheet();
  });

  const rows = watchRows({
    document,
    pages,
    claim: (element) => claims.message(element),
    isOurs: (node) => added.has(node),
    onRow: (row) => {
      if (row.id !== idOf.get(row)) {
        leaveRow(row);
        if (row.id !== undefined) {
          idOf.set(row, row.id);
          const others = rowsOf.get(row.id);
          if (others) others.add(row);
          else rowsOf.set(row.id, new Set([row]));
          looks.want([row.id]);
        }
      }
      if (decorations.has(row) || (row.id !== undefined && views.has(row.id))) paint(row);
    },
    onLeft: (row) => {
      undecorate(row);
      leaveRow(row);
    },
    onMoved: placeSoon,
    signal,
  });

  hear(
    {
      onNews: (news) => {
        if (news.kind === 'account') looks.want(rowsOf.keys());
        else if (news.kind === 'rows') {
          for (const id of news.ids) if (!rowsOf.has(id)) views.delete(id);
          looks.want(news.ids.filter((id) => rowsOf.has(id)));
        }
      },
      onGone: () => {
        claims.dismiss();
        options.onGone();
      },
    },
    signal,
  );
}
