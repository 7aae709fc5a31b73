import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

/** A network between one client and the chat server: it can be cut, and things can be slipped in. */
export interface Relay {
  /** Where the client finds the server. */
  readonly url: string;
  /** How often a client has connected. */
  readonly connections: number;
  /** How often a client was not let in. */
  readonly refused: number;
  /** False cuts every connection and lets none through until it is true again. */
  setOnline(isOnline: boolean): void;
  /** As offline, but connections are accepted and cut at once, as by a proxy that has lost its server. */
  flap(): void;
  /** Hands a frame to the client as if the server had sent it: JSON, or text as it is. */
  slipIn(frame: unknown): void;
  stop(): Promise<void>;
}

/** Starts a relay to the server at `target` on a free port of loopback. */
export async function startRelay(target: string): Promise<Relay> {
  const clients = new Set<WebSocket>();
  let isOnline = true;
  let isFlapping = false;
  let connections = 0;
  let refused = 0;
  const listener = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    verifyClient: () => {
      const isLetIn = isOnline || isFlapping;
      if (!isLetIn) refused += 1;
      return isLetIn;
    },
  });
  await once(listener, 'listening');

  listener.on('connection', (client, request) => {
    connections += 1;
    if (isFlapping) {
      client.terminate();
      return;
    }
    clients.add(client);
    const upstream = new WebSocket(target + (request.url ?? '/'));
    const early: Buffer[] = [];
    client.on('message', (data: Buffer) => {
      if (upstream.readyState === WebSocket.OPEN) upstream.send(data, { binary: true });
      else early.push(data);
    });
    upstream.on('open', () => {
      for (const data of early) upstream.send(data, { binary: true });
    });
    upstream.on('message', (data: Buffer) => {
      client.send(data, { binary: true });
    });
    const end = (): void => {
      clients.delete(client);
      client.terminate();
      upstream.terminate();
    };
    for (const socket of [client, upstream]) socket.on('close', end).on('error', end);
  });

  const cut = (): void => {
    for (const client of clients) client.terminate();
  };
  return {
    url: `ws://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    get refused() {
      return refused;
    },
    setOnline(value) {
      isOnline = value;
      isFlapping = false;
      if (!isOnline) cut();
    },
    flap() {
      isOnline = false;
      isFlapping = true;
      cut();
    },
    slipIn(frame) {
      const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
      for (const client of clients) client.send(Buffer.from(text), { binary: true });
    },
    async stop() {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}
