import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { encodeFrame, MAX_FRAME_BYTES } from './frame.ts';
import type { Switches } from './switches.ts';

const MAX_CONNECTIONS = 500;
/** A client that does not read is cut off when this much waits for it. */
const MAX_UNSENT_BYTES = 32 * 1024 * 1024;

/** One open socket. */
export class Connection {
  /** The `instanceid` of the URL, the same over reconnects of one SDK instance. */
  readonly instanceKey: string;
  /** `/info` speaks text frames, `/binfo` binary ones. */
  readonly isText: boolean;
  /** The instance logged in on this socket, 0 if none. */
  instanceNumber = 0;
  private readonly socket: WebSocket;
  private readonly switches: Switches;
  /** Frames that wait; none overtakes an earlier one, whatever its own delay. */
  private readonly queue: { due: number; frame: Buffer }[] = [];

  constructor(socket: WebSocket, url: URL, switches: Switches) {
    this.socket = socket;
    this.switches = switches;
    this.isText = url.pathname === '/info';
    this.instanceKey = (url.searchParams.get('instanceid') ?? '').slice(0, 64);
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Sends after the delay the switches ask for plus `extraDelayMs`; frames keep their order. */
  send(
    head: { servcmd: string; seq: number },
    body: Record<string, unknown>,
    extraDelayMs = 0,
  ): void {
    const frame = encodeFrame(head, body, this.switches.compress);
    const delay = this.switches.delayMs + extraDelayMs;
    if (delay <= 0 && this.queue.length === 0) {
      this.write(frame);
      return;
    }
    this.queue.push({ due: performance.now() + delay, frame });
    if (this.queue.length === 1) this.scheduleQueue();
  }

  /** Cuts the connection without a close handshake, as a lost network does. */
  drop(): void {
    this.socket.terminate();
  }

  private scheduleQueue(): void {
    const [next] = this.queue;
    if (next === undefined) return;
    setTimeout(
      () => {
        this.queue.shift();
        this.write(next.frame);
        this.scheduleQueue();
      },
      Math.max(0, Math.ceil(next.due - performance.now())),
    );
  }

  private write(frame: Buffer): void {
    if (!this.isOpen || this.switches.isFrozen) return;
    if (this.socket.bufferedAmount > MAX_UNSENT_BYTES) this.drop();
    else this.socket.send(frame, { binary: !this.isText });
  }
}

/** Who hears about connections and frames. */
export interface TransportEvents {
  opened(connection: Connection): void;
  closed(connection: Connection): void;
  /** `isText` tells which kind of WebSocket frame it was. */
  frame(connection: Connection, bytes: Buffer, isText: boolean): void;
  http(request: IncomingMessage, response: ServerResponse): void;
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}

/** Sockets and HTTP on one port of 127.0.0.1. Knows frames as bytes only. */
export class Transport {
  readonly connections = new Set<Connection>();
  private readonly events: TransportEvents;
  private readonly switches: Switches;
  private http: Server | null = null;

  constructor(switches: Switches, events: TransportEvents) {
    this.switches = switches;
    this.events = events;
  }

  /** Listens and returns the port, a free one for 0. */
  async listen(port: number): Promise<number> {
    const http = createServer((request, response) => {
      this.events.http(request, response);
    });
    http.on('clientError', (_error, socket) => {
      socket.destroy();
    });
    const sockets = new WebSocketServer({
      noServer: true,
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
    });
    http.on('upgrade', (request, socket, head) => {
      this.upgrade(sockets, request, socket, head);
    });
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(port, '127.0.0.1', resolve);
    });
    this.http = http;
    return (http.address() as AddressInfo).port;
  }

  /** Drops every connection and frees the port. */
  async close(): Promise<void> {
    const { http } = this;
    this.http = null;
    for (const connection of this.connections) connection.drop();
    if (http === null) return;
    http.closeAllConnections();
    await new Promise<void>((resolve) => {
      http.close(() => {
        resolve();
      });
    });
  }

  private upgrade(
    sockets: WebSocketServer,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): void {
    // Without a listener a reset connection would be an uncaught error.
    socket.on('error', () => socket.destroy());
    const url = URL.parse(request.url ?? '', 'ws://127.0.0.1');
    if (url === null || (url.pathname !== '/binfo' && url.pathname !== '/info')) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
      return;
    }
    if (this.switches.refuseConnections || this.connections.size >= MAX_CONNECTIONS) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new Connection(webSocket, url, this.switches);
      this.connections.add(connection);
      webSocket.on('message', (data, isBinary) => {
        this.events.frame(connection, bytesOf(data), !isBinary);
      });
      webSocket.on('close', () => {
        this.connections.delete(connection);
        this.events.closed(connection);
      });
      // A frame that breaks the WebSocket rules or the size limit; `ws` closes the socket itself.
      webSocket.on('error', () => undefined);
      this.events.opened(connection);
    });
  }
}
