import { AccountId, type MessageId } from '../../message/message.ts';
import * as v from 'valibot';
import { checkId } from '../message-id.ts';
import { areYouThere, askEvent, isReady, tellEvent, type PageQuestion } from './names.ts';

/** Who a page says it is signed in as. */
export interface PageSession {
  readonly userId: string;
  /** Missing where the page tells its user only. */
  readonly account: AccountId | undefined;
}

/** What the page's own world says, through our reader there. Nobody has proved any of it. */
export interface PageClaims {
  session(): PageSession | undefined;
  /** The message behind an element that does not name it. */
  message(element: Element): MessageId | undefined;
  /** Sends the reader away, when the page is left for good. */
  dismiss(): void;
}

const Claim = v.pipe(v.string(), v.minLength(2), v.maxLength(400));

/**
 * Reads the page's claims. An answer comes before `dispatchEvent` returns, or never. `onReady` is
 * called when a reader arrives after us.
 */
export function readClaims(
  document: Document,
  onReady: () => void,
  signal: AbortSignal,
): PageClaims {
  const ask = (target: EventTarget, question: PageQuestion): string | undefined => {
    let answer: string | undefined;
    const keep = (event: Event): void => {
      const claim = v.safeParse(Claim, (event as CustomEvent<unknown>).detail);
      if (claim.success) answer ??= claim.output;
    };
    target.addEventListener(tellEvent, keep);
    target.dispatchEvent(new CustomEvent(askEvent, { detail: question }));
    target.removeEventListener(tellEvent, keep);
    return answer;
  };
  document.addEventListener(
    tellEvent,
    (event) => {
      const { detail } = event as CustomEvent<unknown>;
      if (detail !== isReady && detail !== areYouThere) return;
      ask(document, 'here');
      if (detail === isReady) onReady();
    },
    { signal },
  );
  ask(document, 'here');
  return {
    session() {
      const claim = ask(document, 'session');
      const at = claim?.indexOf(':') ?? -1;
      if (claim === undefined || at < 0) return undefined;
      const account = v.safeParse(AccountId, claim);
      return {
        userId: claim.slice(at + 1),
        account: account.success ? account.output : undefined,
      };
    },
    message: (element) => checkId(ask(element, 'message')),
    dismiss() {
      ask(document, 'leave');
    },
  };
}
