import type { ConversationId, Recall } from '../message/message.ts';

/** Reads a conversation back to `time` (server seconds); rejects when not all of it could be read. */
export type Reread = (conversation: ConversationId, time: number) => Promise<readonly Recall[]>;

interface Reading {
  time: number;
  readonly recalls: Promise<readonly Recall[]>;
}

/**
 * Readings of conversations for several who ask at once. Whoever asks while one is under way gets
 * one that begins after it, together with all others who wait: what they look for may be younger.
 */
export class Rereads {
  readonly #reread: Reread;
  readonly #running = new Map<ConversationId, Promise<unknown>>();
  readonly #next = new Map<ConversationId, Reading>();

  constructor(reread: Reread) {
    this.#reread = reread;
  }

  /** Recalls in a conversation back to `time`, read after this call. Rejects as `Reread` does. */
  read(conversation: ConversationId, time: number): Promise<readonly Recall[]> {
    const next = this.#next.get(conversation);
    if (next) {
      next.time = Math.min(next.time, time);
      return next.recalls;
    }
    const running = this.#running.get(conversation);
    if (!running) return this.#begin(conversation, time);
    const reading: Reading = {
      time,
      recalls: running.then(() => {
        this.#next.delete(conversation);
        return this.#begin(conversation, reading.time);
      }),
    };
    this.#next.set(conversation, reading);
    return reading.recalls;
  }

  #begin(conversation: ConversationId, time: number): Promise<readonly Recall[]> {
    const recalls = this.#reread(conversation, time);
    const over = recalls.then(
      () => undefined,
      () => undefined,
    );
    this.#running.set(conversation, over);
    void over.then(() => {
      if (this.#running.get(conversation) === over) this.#running.delete(conversation);
    });
    return recalls;
  }
}
