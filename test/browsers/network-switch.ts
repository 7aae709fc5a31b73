import { connect, createServer, type Server, type Socket } from 'node:net';

const SOCKS_VERSION = 5;
const NO_AUTHENTICATION = 0;
const CONNECT = 1;
const ADDRESS_IPV4 = 1;
const ADDRESS_NAME = 3;
const ADDRESS_IPV6 = 4;
const REPLY_OK = 0;
const REPLY_NOT_ALLOWED = 2;
const REPLY_UNREACHABLE = 3;

/**
 * A SOCKS 5 proxy (RFC 1928) on loopback that all of a browser's connections go through, so that they can
 * be cut and refused as when the network is gone. Chromium's debugger could take the network from what it
 * is attached to only, and a worker it is attached to never idles out. It connects to loopback only, so nothing can phone home.
 */
export class NetworkSwitch {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isOff = false;

  private constructor() {
    this.#server = createServer((client) => {
      this.#keep(client);
      this.#greet(client);
    });
  }

  /** Starts it on a free port. */
  static async start(): Promise<NetworkSwitch> {
    const network = new NetworkSwitch();
    await new Promise<void>((settle) => {
      network.#server.listen(0, '127.0.0.1', settle);
    });
    // A browser forgotten open must not keep the test's process alive.
    network.#server.unref();
    return network;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy is closed.');
    return address.port;
  }

  /** Off: every open connection is cut and every new one is refused. */
  setOff(isOff: boolean): void {
    this.#isOff = isOff;
    if (!isOff) return;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.setOff(true);
    this.#server.close();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => this.#sockets.delete(socket));
    // What broke the connection does not matter: both ends are closed, and the browser reports it.
    socket.on('error', () => undefined);
  }

  #greet(client: Socket): void {
    client.once('data', (greeting) => {
      if (greeting[0] !== SOCKS_VERSION) {
        client.destroy();
        return;
      }
      client.once('data', (request) => {
        this.#answer(client, request);
      });
      client.write(Buffer.from([SOCKS_VERSION, NO_AUTHENTICATION]));
    });
  }

  #answer(client: Socket, request: Buffer): void {
    const refuse = (code: number): void => {
      client.end(reply(code));
    };
    if (this.#isOff) {
      refuse(REPLY_UNREACHABLE);
      return;
    }
    const destination = request[1] === CONNECT ? readDestination(request) : undefined;
    if (!destination || !isLoopback(destination.host)) {
      refuse(REPLY_NOT_ALLOWED);
      return;
    }
    const server = connect(destination);
    this.#keep(server);
    server.once('connect', () => {
      client.write(reply(REPLY_OK));
      client.pipe(server).pipe(client);
    });
    server.once('error', () => {
      refuse(REPLY_UNREACHABLE);
    });
    server.once('close', () => client.destroy());
    client.once('close', () => server.destroy());
  }
}

function reply(code: number): Buffer {
  return Buffer.from([SOCKS_VERSION, code, 0, ADDRESS_IPV4, 0, 0, 0, 0, 0, 0]);
}

/** Both browsers send each request in one packet (seen with Chromium 156 and Firefox 153), so there is nothing to piece together. */
function readDestination(request: Buffer): { host: string; port: number } | undefined {
  const type = request[3];
  const start = type === ADDRESS_NAME ? 5 : 4;
  const length =
    type === ADDRESS_NAME
      ? (request[4] ?? 0)
      : type === ADDRESS_IPV6
        ? 16
        : type === ADDRESS_IPV4
          ? 4
          : 0;
  if (length === 0 || request.length < start + length + 2) return undefined;
  const address = request.subarray(start, start + length);
  const port = request.readUInt16BE(start + length);
  if (type === ADDRESS_NAME) return { host: address.toString('latin1'), port };
  if (type === ADDRESS_IPV4) return { host: address.join('.'), port };
  const groups = Array.from({ length: 8 }, (_, index) =>
    address.readUInt16BE(index * 2).toString(16),
  );
  return { host: groups.join(':'), port };
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '0:0:0:0:0:0:0:1' ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}
