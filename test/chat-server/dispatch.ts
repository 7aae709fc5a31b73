import * as v from 'valibot';
import { shapeRefusal, type Answer, type Caller, type Command, type World } from './command.ts';
import { decodeFrame, type Frame } from './frame.ts';
import type { Journal, RequestRecord } from './journal.ts';
import { identify, logIn, logOut } from './login.ts';
import { RateMeter } from './rate-meter.ts';
import { CODES, Refusal } from './refusal.ts';
import { ReplayCache } from './replay-cache.ts';
import { takeRefusal } from './switches.ts';
import type { Connection } from './transport.ts';

/** Name of the frame that answers one in which not even a command name could be read. */
const BAD_FRAME = 'chat_server.bad_frame';

/** Answered without identity: the heartbeat before login, and the log reports, which carry none. */
function isAnonymous(head: Frame['head']): boolean {
  return (
    head.servcmd.startsWith('imopenstat.') || (head.servcmd === 'heartbeat.alive' && head.a2 === '')
  );
}

/** Bound to the moment or to the socket they came on, so never answered from the cache. */
const UNCACHED = new Set([
  'im_open_status.wshello',
  'heartbeat.alive',
  'openim.getmsg',
  'openim.ws_msg_push_ack',
  'imopenstat.tim_web_report_v2',
]);

/** The SDK expects no answer to these. */
const ONE_WAY = new Set(['openim.ws_msg_push_ack']);

/** From the bytes of a frame to its answer. */
export class Dispatcher {
  private readonly world: World;
  private readonly commands: ReadonlyMap<string, Command>;
  private readonly journal: Journal;
  private readonly replays = new ReplayCache();
  private readonly rates = new RateMeter();

  constructor(world: World, commands: ReadonlyMap<string, Command>, journal: Journal) {
    this.world = world;
    this.commands = commands;
    this.journal = journal;
  }

  /** Takes a frame from a client; answers it, or says what is wrong with it. Never throws. */
  receive(connection: Connection, bytes: Buffer, isText: boolean): void {
    if (isText !== connection.isText) {
      const wanted = connection.isText ? '/info takes text frames' : '/binfo takes binary frames';
      complain(connection, BAD_FRAME, 0, wanted);
      return;
    }
    const frame = decodeFrame(bytes);
    if ('problem' in frame) {
      complain(connection, frame.servcmd || BAD_FRAME, frame.seq, frame.problem);
      return;
    }
    const { servcmd, seq } = frame.head;
    const record: RequestRecord = {
      servcmd,
      seq,
      userId: '',
      instanceNumber: 0,
      at: Date.now(),
      isReplay: false,
      code: null,
    };
    this.journal.add(record);
    this.journal.notify();
    const handle = (): void => {
      this.handle(frame, connection, record);
      this.journal.notify();
    };
    const held = this.world.switches.held.get(servcmd);
    if (held) void held.then(handle);
    else handle();
  }

  private handle(frame: Frame, connection: Connection, record: RequestRecord): void {
    const { switches } = this.world;
    const { servcmd, seq } = frame.head;
    const silence = switches.silent.get(servcmd);
    if (switches.isFrozen || silence === 'ignored') return;
    const later: (() => void)[] = [];
    const body = this.answer(frame, connection, record, later);
    record.code = Number(body.ErrorCode);
    if (silence !== 'done' && !ONE_WAY.has(servcmd)) {
      connection.send({ servcmd, seq }, body, switches.delayAnswerMs.get(servcmd) ?? 0);
    }
    for (const task of later) task();
  }

  /** The body of the answer; refusals and wrong shapes become error codes here. */
  private answer(
    frame: Frame,
    connection: Connection,
    record: RequestRecord,
    later: (() => void)[],
  ): Answer {
    const { servcmd } = frame.head;
    try {
      const rule = takeRefusal(this.world.switches, servcmd);
      if (rule !== null) throw new Refusal(rule.code, rule.info ?? 'Refused by a test switch');
      const answer = this.carryOut(frame, connection, record, later);
      return { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '', ...answer };
    } catch (error) {
      const refusal = v.isValiError(error) ? shapeRefusal(error.issues[0], servcmd) : error;
      if (refusal instanceof Refusal) {
        return {
          ActionStatus: 'FAIL',
          ErrorCode: refusal.code,
          ErrorInfo: refusal.message,
          ...refusal.fields,
        };
      }
      // A bug of this server must not take the others' connections with it, nor go unseen.
      console.error(`chat server: ${servcmd} failed:`, error);
      return { ActionStatus: 'FAIL', ErrorCode: CODES.serverBug, ErrorInfo: 'Bug in the server' };
    }
  }

  private carryOut(
    frame: Frame,
    connection: Connection,
    record: RequestRecord,
    later: (() => void)[],
  ): Answer {
    const { world } = this;
    const { head } = frame;
    if (head.servcmd === 'im_open_status.wslogin') {
      const { identity, answer } = logIn(world, head, connection);
      Object.assign(record, identity);
      return answer;
    }
    if (head.servcmd === 'im_open_status.wslogout') {
      Object.assign(record, logOut(world, head));
      return {};
    }
    if (isAnonymous(head)) return {};
    const identity = identify(world, head);
    Object.assign(record, identity);
    const key = UNCACHED.has(head.servcmd)
      ? null
      : ReplayCache.key(identity.userId, connection.instanceKey, head);
    const replay = this.replays.find(key);
    record.isReplay = replay !== undefined;
    if (replay !== undefined) return replay;
    this.rates.check(world.switches.rateLimit, identity.userId, head.servcmd);
    const answer = this.run(frame, { ...identity, afterAnswer: (task) => later.push(task) });
    this.replays.keep(key, answer);
    return answer;
  }

  /** Commands nobody knows get a plain OK, which is enough for the SDK in most cases. */
  private run({ head, body }: Frame, caller: Caller): Answer {
    // Communities use a service of another name for the same commands.
    const command =
      this.commands.get(head.servcmd) ?? this.commands.get(head.servcmd.replace(/^million_/, ''));
    if (command === undefined) return {};
    const answer = command.run(body, caller, this.world);
    if (command.changesState) this.world.store.onChange();
    return answer;
  }
}

function complain(connection: Connection, servcmd: string, seq: number, problem: string): void {
  connection.send(
    { servcmd, seq },
    { ActionStatus: 'FAIL', ErrorCode: CODES.notJson, ErrorInfo: problem },
  );
}
