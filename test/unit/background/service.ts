import type { RecallTarget, Stretch } from '../../../src/chat/link.ts';
import type {
  ConversationFacts,
  ConversationId,
  Edge,
  Message,
  MessageId,
  Recall,
} from '../../../src/message/message.ts';
import type { RecallOutcome } from '../../../src/message/recall.ts';
import { defaultWindowSeconds } from '../../../src/message/window.ts';
import { message } from '../history/fixtures.ts';
import type { Script } from './scripted-link.ts';

/** A service that keeps messages and recalls them; it outlives every worker. */
export class Service implements Script {
  readonly messages: Message[] = [];
  readonly #recalled = new Map<MessageId, Recall>();
  /** Ids of messages it was asked to recall, and of those it did, in order. */
  readonly asked: MessageId[] = [];
  readonly done: MessageId[] = [];
  /** Conversations that were read, in order. */
  readonly read: ConversationId[] = [];
  opens: Script['opens'] = { name: 'connected' };
  /** How long it recalls. */
  windowSeconds = defaultWindowSeconds;
  /** Its clock minus this computer's, ms. */
  offset = 0;

  readonly time = (): number => Date.now() + this.offset;
  close = (): Promise<void> => Promise.resolve();

  /** A message of Alice's to Bob, sent now unless said otherwise. */
  send(id: MessageId, more: Partial<Omit<Message, 'id'>> = {}): Message {
    const time = Math.floor(this.time() / 1000);
    const sent = message(id, { author: 'alice', authorName: 'Alice', time, ...more });
    this.messages.push(sent);
    return sent;
  }

  /** Somebody recalls a message, without any notice. */
  take(of: Message, by = of.author): Recall {
    const { conversation, id, sequence, time, author, authorName } = of;
    const at = this.time();
    const facts = { conversation, id, sequence, time, author, authorName };
    const recall: Recall = { ...facts, by, at, witness: 'history' };
    this.#recalled.set(id, recall);
    return recall;
  }

  conversations = (): Promise<readonly ConversationFacts[]> => {
    const newest = new Map<ConversationId, number>();
    for (const { conversation, time } of this.messages) {
      newest.set(conversation, Math.max(time, newest.get(conversation) ?? 0));
    }
    return Promise.resolve(
      [...newest].map(([id, lastTime]) => ({ id, name: '', unread: 0, lastTime })),
    );
  };

  since = (
    conversation: ConversationId,
    time: number,
    most: number,
    from: Edge = { time: Infinity },
  ): Promise<Stretch> => {
    this.read.push(conversation);
    const all = this.messages
      .filter((one) => one.conversation === conversation && one.time >= time)
      .filter((one) => one.time <= from.time)
      .sort((one, other) => other.time - one.time);
    const read = all.slice(0, most);
    const last = read.at(-1);
    return Promise.resolve({
      messages: read.filter(({ id }) => !this.#recalled.has(id)),
      recalls: read.flatMap(({ id }) => this.#recalled.get(id) ?? []),
      isComplete: all.length <= most,
      ...(all.length > most && last && { edge: { time: last.time } }),
    });
  };

  recall = (target: RecallTarget): Promise<RecallOutcome> => {
    this.asked.push(target.id);
    return Promise.resolve(this.#judge(target));
  };

  #judge({ id, author }: RecallTarget): RecallOutcome {
    const found = this.messages.find((one) => one.id === id);
    if (!found) return { ok: false, why: 'not-found', code: 20022 };
    if (this.#recalled.has(id)) return { ok: false, why: 'already-recalled', code: 20023 };
    if (this.time() > (found.time + this.windowSeconds) * 1000) {
      return { ok: false, why: 'too-late', code: 20016 };
    }
    this.take(found, author);
    this.done.push(id);
    return { ok: true, at: this.time() };
  }
}
