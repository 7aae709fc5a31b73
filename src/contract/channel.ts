import * as v from 'valibot';
import { runtime, type Runtime } from '../platform/runtime.ts';
import { identify, type Asker, type IsOn } from './asker.ts';
import { askFor, mark, type Reply } from './asking.ts';
import { contract, type Answered, type Asked, type Content, type Question } from './contract.ts';
import type { Caller } from './lines/line.ts';

interface Envelope {
  readonly [mark]: Question;
  readonly content: unknown;
}

function isQuestion(name: unknown): name is Question {
  return typeof name === 'string' && Object.hasOwn(contract, name);
}

function envelopeOf(message: unknown): Envelope | undefined {
  if (typeof message !== 'object' || message === null || !Object.hasOwn(message, mark)) return;
  const { [mark]: question, content } = message as Partial<Envelope>;
  return isQuestion(question) ? { [mark]: question, content } : undefined;
}

/** Asks the worker from any page of our own; see `askFor`. */
export function ask<Q extends Question>(question: Q, ...content: Content<Q>): Promise<Answered<Q>> {
  return askFor(contract[question].answer, question, content[0]);
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
