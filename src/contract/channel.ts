import * as v from 'valibot';
import { runtime, type Runtime } from '../platform/runtime.ts';
import {
  contract,
  type Answered,
  type Asked,
  type Asker,
  type Caller,
  type Question,
} from './contract.ts';

/** Marks our questions among everything else that may be sent. */
const mark = 'unsay-ask';

interface Envelope {
  readonly [mark]: Question;
  readonly content: unknown;
}

type Reply = { readonly answer: unknown } | { readonly refused: 'caller' | 'content' | 'failed' };

/** The worker did not answer, or would not. A bug or a dead extension, never an ordinary refusal. */
export class AskError extends Error {
  override readonly name = 'AskError';
  /** Whether there is a worker, and it will not have this asker. */
  readonly isRefused: boolean;
  constructor(message: string, options?: ErrorOptions & { isRefused?: boolean }) {
    super(message, options);
    this.isRefused = options?.isRefused ?? false;
  }
}

function isQuestion(name: unknown): name is Question {
  return typeof name === 'string' && Object.hasOwn(contract, name);
}

function envelopeOf(message: unknown): Envelope | undefined {
  if (typeof message !== 'object' || message === null || !Object.hasOwn(message, mark)) return;
  const { [mark]: question, content } = message as Partial<Envelope>;
  return isQuestion(question) ? { [mark]: question, content } : undefined;
}

/**
 * Asks the worker; wakes it when it sleeps. Rejects with `AskError` when there is no worker to
 * answer (the extension was updated under us) or it refused the question itself.
 */
export async function ask<Q extends Question>(
  question: Q,
  ...content: Asked<Q> extends undefined ? [] : [Asked<Q>]
): Promise<Answered<Q>> {
  let reply: Reply | undefined;
  try {
    // JSON has no undefined: an absent content arrives as an absent field.
    reply = await runtime().sendMessage<unknown, Reply | undefined>({
      [mark]: question,
      content: content[0],
    });
  } catch (cause) {
    throw new AskError(`${question}: nobody answered`, { cause });
  }
  if (!reply || 'refused' in reply) {
    throw new AskError(`${question}: ${reply ? reply.refused : 'no answer'}`, {
      isRefused: reply?.refused === 'caller',
    });
  }
  const answer = v.safeParse(contract[question].answer, reply.answer ?? undefined);
  if (!answer.success) throw new AskError(`${question}: answer of another shape`);
  return answer.output;
}

/** Decides whether a page of this origin may speak at all. */
export type IsOn = (origin: string) => Promise<boolean>;

/**
 * Who is asking, by what the browser stamped on the message only. Not our extension: nobody. One
 * of our own pages: `own`, also when opened in a tab (there `sender.tab` is set). A frame of an
 * origin the user turned on: `page`, if the page it lies in is of such an origin, too; else `frame`,
 * because whoever frames a chat could lay it under a hand. Measured: a content script's
 * `sender.origin` is the page's origin in Chromium; Firefox gives `sender.url` only.
 */
export async function identify(
  sender: Runtime.MessageSender,
  isOn: IsOn,
): Promise<Asker | undefined> {
  if (sender.id !== runtime().id) return;
  const url = sender.url;
  if (url === undefined) return;
  if (url.startsWith(runtime().getURL(''))) return { kind: 'own' };
  const tab = sender.tab?.id;
  const frame = sender.frameId;
  const origin = originAt(url);
  if (tab === undefined || frame === undefined || origin === undefined) return;
  if (!(await isOn(origin))) return;
  // The browser tells a tab's address only where the user gave access to it.
  const top = frame === 0 ? origin : originAt(sender.tab?.url);
  const isAmongOwn = top !== undefined && (top === origin || (await isOn(top)));
  const place = { origin, tab, frame };
  return isAmongOwn ? { kind: 'page', ...place } : { kind: 'frame', ...place };
}

function originAt(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return;
  const { origin } = new URL(url);
  return origin === 'null' ? undefined : origin;
}

/** One handler for every line of the contract. */
export type Handlers = {
  readonly [Q in Question]: (content: Asked<Q>, asker: Asker) => Promise<Answered<Q>>;
};

/**
 * Answers every question of the contract. Adds its listener at once, so it must be called in the
 * worker's first turn: a listener added 300 ms late loses the message that woke the worker
 * (measured in Chromium 156). Answers by `sendResponse`, because a listener that returns a
 * promise answers messages that are not its own, too.
 */
export function answer(handlers: Handlers, isOn: IsOn): void {
  const handle = async (envelope: Envelope, sender: Runtime.MessageSender): Promise<Reply> => {
    const question = envelope[mark];
    const line = contract[question];
    const asker = await identify(sender, isOn);
    if (!asker || !(line.from as readonly Caller[]).includes(asker.kind)) {
      return { refused: 'caller' };
    }
    const content = v.safeParse(line.ask, envelope.content ?? undefined);
    if (!content.success) return { refused: 'content' };
    const handler = handlers[question] as (content: unknown, asker: Asker) => Promise<unknown>;
    return { answer: await handler(content.output, asker) };
  };
  runtime().onMessage.addListener(((
    message: unknown,
    sender: Runtime.MessageSender,
    sendResponse: (reply: Reply) => void,
  ) => {
    const envelope = envelopeOf(message);
    if (!envelope) return undefined;
    handle(envelope, sender).then(sendResponse, () => {
      sendResponse({ refused: 'failed' });
    });
    return true;
  }) as Parameters<Runtime.Static['onMessage']['addListener']>[0]);
}
