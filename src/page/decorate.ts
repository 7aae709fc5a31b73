import type { ask } from '../contract/page-ask.ts';
import type { hearMenuChoice } from '../contract/menu-choice.ts';
import type { hear } from '../contract/news.ts';
import type { BarView, RowView } from '../contract/views.ts';
import type { MessageId } from '../message/message.ts';
import { startLookout } from './bar/lookout.ts';
import type { ChatPage } from './chat-page.ts';
import { isAtField } from './composer.ts';
import type { Bound } from './offered.ts';
import { summonHands } from './hands/summon.ts';
import { hidingCss } from './hiding.ts';
import { Knowledge } from './knowledge.ts';
import { startLooks } from './looks.ts';
import { takeMenuChoices, type Pointed } from './menu-choice.ts';
import type { MenuTarget } from './menu-target.ts';
import { makeOutlook } from './outlook.ts';
import { Presence } from './presence.ts';
import { startQuotes } from './quotes.ts';
import { watchRows, type PageRow } from './rows.ts';
import type { Sentences } from './sentences.ts';
import { readClaims } from './session/claims.ts';
import { startStandIns } from './stand-ins.ts';
import { adopt } from './style-sheet.ts';
import { sweep, sweepCopy } from './sweep.ts';

export interface DecorateOptions {
  readonly document: Document;
  /** The kinds of pages there are; the first that claims a row has it. */
  readonly pages: readonly ChatPage[];
  readonly ask: typeof ask;
  readonly hear: typeof hear;
  readonly hearMenuChoice: typeof hearMenuChoice;
  /** What a person opened the browser's own menu on. */
  readonly menuTarget: MenuTarget<Pointed>;
  readonly sentences: Sentences;
  /** Ends everything: our script is replaced or the extension gone. */
  readonly signal: AbortSignal;
  /** The site was turned off, or the extension is gone. */
  readonly onGone: () => void;
}

/** How long (ms) covered words stay bare at most where the page took our style sheet away. */
const longestBare = 1000;

/**
 * Puts a Recall control on rows that may be recalled and a placeholder in place of recalled ones,
 * keeps both true, and takes everything away again when `signal` aborts.
 */
export function decorate(options: DecorateOptions): void {
  const { document, pages, ask, hear, sentences, signal } = options;
  sweep(document);
  const css = hidingCss(pages);
  adopt(document, css);
  const knowledge = new Knowledge();
  const presence = new Presence();
  const decorated = new Set<PageRow>();
  const added = new WeakSet<Node>();
  const onAdded = (node: Node): void => {
    added.add(node);
  };
  /** What the worker said last for the bar. */
  let latest: BarView | undefined;
  let changes = 0;
  let keeping: ReturnType<typeof setTimeout> | undefined;
  /** Who the page said it is signed in as when that was last asked; null before. */
  let session: string | null | undefined = null;

  const claims = readClaims(
    document,
    () => {
      rows.retry();
      looks.want(presence.ids);
    },
    signal,
  );

  const looks = startLooks({
    ask,
    session: () => {
      const now = claims.session();
      const name = now && `${now.account ?? ''} ${now.userId}`;
      const isAnother = session !== null && session !== name;
      session = name;
      if (isAnother) startAfresh();
      return now?.account;
    },
    here: () => outlook.here(),
    onAnswer: (ids, answer, isLast) => {
      if (knowledge.meet(answer.account)) startAfresh();
      standIns.style = answer.style ?? 'show';
      const isKnown = (id: MessageId): boolean => !!knowledge.shown(id);
      const wasAnyKnown = ids.some(isKnown);
      // Who asks matters only where there is something to learn, and costs more than the rest.
      const user = answer.rows[0] && claims.session()?.userId;
      knowledge.learn(ids, answer, user);
      if (wasAnyKnown || ids.some(isKnown)) {
        for (const id of ids) for (const row of presence.rowsOf(id)) refresh(row);
        keepSheet();
        hands.current?.controls.placeSoon();
        lookout.lookSoon();
      } else if (isLast) lookout.lookLater();
      // Kits put the focus into their composer before any message is there.
      watchWriting();
    },
    signal,
  });

  const standIns = startStandIns({
    document,
    sentences,
    anyRow: pages.map((page) => page.rows).join(','),
    mayPutBack: (id) => knowledge.stateOf(id)?.name === 'reedit',
    onThisClock: (server) => knowledge.onThisClock(server),
    onAdded,
    signal,
  });
  const quotes = startQuotes({ document, sentences, onAdded });
  const outlook = makeOutlook(claims, knowledge, presence, (row) => standIns.lineOf(row));
  const lookout = startLookout({
    document,
    ask,
    self: outlook.self,
    onView: (view) => {
      latest = view;
      hands.current?.bar.show(view);
      if (view.messages.length > 0) hands.want();
    },
    signal,
  });
  const hands = summonHands({
    world: {
      document,
      pages,
      ask,
      knowledge,
      here: outlook.here,
      messages: outlook.messages,
      changes: () => changes,
      onAdded,
      onRecall: (row, bound) => {
        void recall(row, bound);
      },
      onDismiss: ({ id }) => {
        if (id === undefined) return;
        knowledge.dismiss(id);
        paintAll(id);
      },
      onSettled: (id) => {
        looks.want(presence.has(id) ? [id] : [], 'now');
      },
      onStale: (row) => {
        paint(row);
      },
      onTick: () => {
        if (knowledge.isTimeDoubtful) looks.want(presence.ids);
      },
      signal,
    },
    onEnter: ({ bar }) => {
      for (const id of presence.ids) paintAll(id);
      if (latest) bar.show(latest);
    },
  });

  /** Whoever puts sheets into the page in place of all there are tells nobody: ours is put back. */
  const keepSheet = (): void => {
    clearTimeout(keeping);
    if (decorated.size === 0) return;
    adopt(document, css);
    keeping = setTimeout(keepSheet, longestBare);
  };

  const startAfresh = (): void => {
    knowledge.forget();
    for (const row of decorated) paint(row);
    looks.want(presence.ids);
  };

  const paintAll = (id: MessageId): void => {
    for (const row of presence.rowsOf(id)) paint(row);
  };

  const viewOf = ({ id }: PageRow): RowView | undefined =>
    id === undefined ? undefined : knowledge.shown(id);

  const paint = (row: PageRow): void => {
    const controls = hands.current?.controls;
    const hadFocus = controls?.hadFocus(row) ?? false;
    const view = viewOf(row);
    standIns.paint(row, view);
    quotes.paint(row, view);
    controls?.paint(row, standIns.lineOf(row));
    // Also where another control took its place, which puts the words back.
    if (hadFocus && controls?.isFocused(row) !== true) {
      standIns.focus(row);
      controls?.giveFocusBack(row);
    }
    if (controls?.has(row) === true || standIns.has(row) || quotes.has(row)) decorated.add(row);
    else decorated.delete(row);
    if (!controls && row.id !== undefined && knowledge.stateOf(row.id)) hands.want();
  };

  /** Paints a row of which there is something to say, or was. */
  const refresh = (row: PageRow): void => {
    if (viewOf(row) ?? decorated.has(row)) paint(row);
  };

  const undecorate = (row: PageRow): void => {
    if (!decorated.delete(row)) return;
    hands.current?.controls.remove(row);
    standIns.remove(row);
    quotes.remove(row);
  };

  const recall = async (row: PageRow, { id, account, view }: Bound): Promise<void> => {
    // The row must still be the message that the control was offered for.
    if (rows.nameOf(row) !== id) return;
    knowledge.askAgain(id);
    // Before anything is drawn, which takes as long as half of the way there.
    const asked = ask('recall', { account, conversation: view.conversation, id });
    paintAll(id);
    try {
      const outcome = await asked;
      const isWaiting = !outcome.ok && outcome.why === 'waiting';
      const state = isWaiting ? 'waiting' : 'refused';
      knowledge.note(id, outcome.ok ? { state: 'accepted' } : { ...outcome, state });
    } catch {
      knowledge.note(id, { state: 'unanswered' });
    }
    if (signal.aborted) return;
    paintAll(id);
    looks.want([id], 'now');
  };

  /** How a message is written matters: what watches that is there before the first one is sent. */
  const watchWriting = (): void => {
    if (knowledge.account !== undefined && isAtField(document)) hands.want();
  };
  document.addEventListener('focusin', watchWriting, { passive: true, signal });
  signal.addEventListener('abort', () => {
    for (const row of decorated) undecorate(row);
    keepSheet();
    sweep(document);
  });

  const rows = watchRows({
    document,
    pages,
    claim: (element) => claims.message(element),
    isOurs: (node) => added.has(node),
    onRow: (row) => {
      const isNew = presence.note(row);
      if (isNew && decorated.size > 0 && !decorated.has(row)) sweepCopy(row.element);
      if (isNew && row.id !== undefined) looks.want([row.id]);
      refresh(row);
    },
    onLeft: (row) => {
      undecorate(row);
      presence.leave(row);
    },
    onMoved: (isBeyond) => {
      if (isBeyond) changes += 1;
      keepSheet();
      hands.current?.controls.placeSoon();
      hands.current?.bar.noteMoved();
    },
    signal,
  });

  options.hearMenuChoice(
    takeMenuChoices({
      target: options.menuTarget,
      rows,
      knowledge,
      ask: paintAll,
      recall: (row, bound) => {
        void recall(row, bound);
      },
      refuse: (id, why) => {
        knowledge.askAgain(id);
        knowledge.note(id, { state: 'refused', why });
        paintAll(id);
      },
    }),
    signal,
  );

  hear(
    {
      onNews: (news) => {
        lookout.lookSoon();
        if (news.kind === 'rows') {
          for (const id of news.ids) if (!presence.has(id)) knowledge.drop(id);
          looks.want(news.ids.filter((id) => presence.has(id)));
        } else looks.want(presence.ids);
      },
      onGone: () => {
        claims.dismiss();
        options.onGone();
      },
      onDeaf: lookout.lookSoon,
    },
    signal,
  );
}
