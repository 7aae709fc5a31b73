import type { ChatLink, LinkEvent, LinkState } from '../../src/chat/link.ts';
import type { Message, Read, Recall } from '../../src/message/message.ts';

const patience = 30_000;

/** Everything a link told, and a way to wait for what it has not told yet. */
export class Ears {
  readonly events: LinkEvent[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(link: ChatLink) {
    link.hear((event) => {
      this.events.push(event);
      for (const look of [...this.#waiting]) look();
    });
  }

  get states(): readonly LinkState['name'][] {
    return this.events.flatMap((event) => (event.kind === 'state' ? [event.state.name] : []));
  }

  get messages(): readonly Message[] {
    return this.events.flatMap((event) => (event.kind === 'messages' ? event.messages : []));
  }

  get recalls(): readonly Recall[] {
    return this.events.flatMap((event) => (event.kind === 'recalls' ? event.recalls : []));
  }

  get reads(): readonly Read[] {
    return this.events.flatMap((event) => (event.kind === 'reads' ? event.reads : []));
  }

  /** The first thing `find` gives, now or after any later event. */
  until<T>(what: string, find: () => T | undefined, ms = patience): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = find();
        if (found === undefined || found === false) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`Waited ${ms} ms in vain for ${what}; heard ${this.#heard()}`));
      }, ms);
      this.#waiting.add(look);
      look();
    });
  }

  message(text: string): Promise<Message> {
    return this.until(`the message ${text}`, () =>
      this.messages.findLast((message) => message.body.text === text),
    );
  }

  recall(of: { sequence: number }): Promise<Recall> {
    return this.until(`the recall of ${of.sequence}`, () =>
      this.recalls.findLast((recall) => recall.sequence === of.sequence),
    );
  }

  /** The state is this, or becomes it. */
  async state(name: LinkState['name'], ms?: number): Promise<void> {
    await this.until(`the state ${name}`, () => this.states.at(-1) === name || undefined, ms);
  }

  #heard(): string {
    return this.events
      .map((event) => (event.kind === 'state' ? event.state.name : event.kind))
      .join(', ');
  }
}
