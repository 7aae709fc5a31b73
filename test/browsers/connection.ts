interface Pending {
  method: string;
  session: string | undefined;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A message as both protocols (CDP and WebDriver BiDi) write it. */
interface Incoming {
  id?: number | null;
  method?: string;
  params?: unknown;
  result?: unknown;
  /** CDP: an object. BiDi: the error's name, with the words beside it. */
  error?: string | { message: string };
  message?: string;
  sessionId?: string;
}

/** An event of the browser, with the CDP session it belongs to. */
export interface ProtocolEvent {
  method: string;
  params: unknown;
  session: string | undefined;
}

/** Commands and their answers, and events, over a channel that carries JSON texts. */
export class Connection {
  readonly #write: (text: string) => void;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: ProtocolEvent) => void>();
  #lastId = 0;
  #closedBecause: string | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Sends a command. The caller says what the answer looks like; it comes from the browser as is. */
  send<T = unknown>(method: string, params: object = {}, session?: string): Promise<T> {
    if (this.#closedBecause !== undefined) {
      return Promise.reject(new Error(`${method}: ${this.#closedBecause}`));
    }
    return new Promise<T>((resolve, reject) => {
      const id = ++this.#lastId;
      const settle = (result: unknown): void => {
        resolve(result as T);
      };
      this.#pending.set(id, { method, session, resolve: settle, reject });
      this.#write(JSON.stringify({ id, method, params, ...(session && { sessionId: session }) }));
    });
  }

  /** Takes one text from the channel. */
  receive(text: string): void {
    const message = JSON.parse(text) as Incoming;
    if (message.id === undefined || message.id === null) {
      if (message.method === undefined) return;
      const event = {
        method: message.method,
        params: message.params,
        session: message.sessionId,
      };
      for (const listener of [...this.#listeners]) listener(event);
      return;
    }
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    this.#pending.delete(message.id);
    if (message.error === undefined) {
      pending.resolve(message.result);
      return;
    }
    const reason =
      typeof message.error === 'string'
        ? `${message.error}: ${message.message ?? ''}`
        : message.error.message;
    pending.reject(new Error(`${pending.method}: ${reason}`));
  }

  /** Calls back with every event until the returned function is called. */
  listen(listener: (event: ProtocolEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Fails what waits for an answer of a session that is gone: no answer will come. */
  endSession(session: string, reason: string): void {
    for (const [id, pending] of this.#pending) {
      if (pending.session !== session) continue;
      this.#pending.delete(id);
      pending.reject(new Error(`${pending.method}: ${reason}`));
    }
  }

  /** Fails everything that waits, and everything sent from now on. */
  end(reason: string): void {
    this.#closedBecause = reason;
    for (const pending of this.#pending.values()) {
      pending.reject(new Error(`${pending.method}: ${reason}`));
    }
    this.#pending.clear();
  }
}
