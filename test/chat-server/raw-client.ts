import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ChatServer } from './server.ts';

/** A client without the SDK, for frames that the SDK would never send. */

export interface RawFrame {
  head: { servcmd: string; seq: number };
  body: Record<string, unknown> & { ErrorCode?: number; ErrorInfo?: string };
}

export class RawClient {
  readonly socket: WebSocket;
  /** Everything that came, oldest first. */
  readonly frames: RawFrame[] = [];
  /** Whether each of them came as a text frame. */
  readonly cameAsText: boolean[] = [];
  /** Fields of the head after login. */
  private identity: Record<string, unknown> = {};
  private lastSeq = 1000;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, isBinary) => {
      this.cameAsText.push(!isBinary);
      this.frames.push(JSON.parse((data as Buffer).toString('utf8')) as RawFrame);
      socket.emit('frame');
    });
  }

  /** `instanceId` makes it one SDK instance for the server; without it, requests stand alone. */
  static async open(
    server: ChatServer,
    { path = '/binfo', instanceId = '' } = {},
  ): Promise<RawClient> {
    const socket = new WebSocket(`${server.url}${path}?instanceid=${instanceId}`);
    const client = new RawClient(socket);
    await once(socket, 'open');
    return client;
  }

  async logIn(server: ChatServer, userId: string): Promise<RawFrame> {
    this.identity = {
      identifier: userId,
      usersig: server.userSig(userId),
      sdkappid: server.sdkAppId,
    };
    const answer = await this.ask('im_open_status.wslogin', {});
    this.identity = { a2: answer.body.A2Key, tinyid: answer.body.TinyId };
    return answer;
  }

  /** Uses another client's login. */
  borrow(other: RawClient): void {
    this.identity = other.identity;
  }

  /** Sends a command and resolves with its answer. */
  async ask(
    servcmd: string,
    body: unknown,
    { seq = ++this.lastSeq, head = {} }: { seq?: number; head?: object } = {},
  ): Promise<RawFrame> {
    return this.answerTo({ head: { servcmd, seq, ...this.identity, ...head }, body }, seq);
  }

  /** Sends anything and resolves with the first frame of this number that comes afterwards. */
  async answerTo(frame: unknown, seq: number): Promise<RawFrame> {
    const text = Buffer.isBuffer(frame) ? frame : Buffer.from(JSON.stringify(frame));
    const from = this.frames.length;
    this.socket.send(text);
    return this.frameFrom(from, (each) => each.head.seq === seq);
  }

  /** The first frame at or after this place that is wanted. */
  async frameFrom(start: number, isWanted: (frame: RawFrame) => boolean): Promise<RawFrame> {
    for (;;) {
      const found = this.frames.slice(start).find(isWanted);
      if (found !== undefined) return found;
      await once(this.socket, 'frame', { signal: AbortSignal.timeout(5000) });
    }
  }
}
