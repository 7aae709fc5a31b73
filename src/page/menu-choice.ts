import type { ChoiceReply } from '../contract/menu-choice.ts';
import type { MessageId } from '../message/message.ts';
import type { Bound } from './offered.ts';
import type { Knowledge } from './knowledge.ts';
import type { MenuTarget } from './menu-target.ts';
import type { PageRow, Rows } from './rows.ts';

/** The message on which the browser's own menu was opened: the row, and what it showed then. */
export interface Pointed {
  readonly row: PageRow;
  readonly bound: Bound;
}

export interface MenuChoiceOptions {
  readonly target: MenuTarget<Pointed>;
  readonly rows: Pick<Rows, 'rowAt' | 'nameOf'>;
  readonly knowledge: Knowledge;
  /** A person wants their message recalled. */
  readonly recall: (row: PageRow, bound: Bound) => void;
  /** A person is to be asked on its row whether somebody else's message is to be recalled. */
  readonly ask: (id: MessageId) => void;
  /** A person is to be told on its row why this message is not recalled. */
  readonly refuse: (id: MessageId, why: 'too-late' | 'not-allowed') => void;
}

/**
 * Recalls the message on which a person opened the browser's own menu, when they choose that there.
 * It is bound when the menu opens, as the page may change under it. Returns what takes the choice.
 */
export function takeMenuChoices(options: MenuChoiceOptions): () => ChoiceReply {
  const { target, rows, knowledge, recall, ask, refuse } = options;
  target.read = (node) => {
    const row = rows.rowAt(node);
    const id = row && rows.nameOf(row);
    const view = id === undefined ? undefined : knowledge.view(id);
    const { account } = knowledge;
    if (!row || id === undefined || !view || account === undefined) return undefined;
    return { row, bound: { id, account, view } };
  };

  return () => {
    const pointed = target.take();
    if (!pointed) return 'nothing';
    const { row, bound } = pointed;
    const view = knowledge.view(bound.id);
    const isSame = rows.nameOf(row) === bound.id && knowledge.account === bound.account;
    if (!view || !isSame || view.placeholder) return 'nothing';
    // Of mine the worker knows best whether it is too late, and how much.
    if (view.isMine) recall(row, bound);
    else if (knowledge.want(bound.id)) ask(bound.id);
    else {
      const isOver = view.isTooLate ?? view.until !== undefined;
      refuse(bound.id, isOver ? 'too-late' : 'not-allowed');
    }
    return 'taken';
  };
}
