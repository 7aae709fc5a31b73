import type { Clock } from './clock.ts';
import { CODES, Refusal } from './refusal.ts';
import type { InstanceRecord, Store } from './store.ts';
import type { Switches } from './switches.ts';
import { issueTicket, readTicket, type Ticket } from './ticket.ts';
import type { Connection } from './transport.ts';

/** Why an instance is sent away, as numbered on the wire. */
export const KICK = { multipleAccount: 1, multipleDevice: 2, restApi: 3 } as const;

const MAX_ENDED_INSTANCES = 2000;

/** Who is logged in where: logins, tickets, kicks, and pushing to the connections of a user. */
export class Sessions {
  private readonly store: Store;
  private readonly switches: Switches;
  private readonly clock: Clock;
  private readonly connections = new Map<number, Connection>();
  private lastPushSeq = 0;

  constructor(store: Store, switches: Switches, clock: Clock) {
    this.store = store;
    this.switches = switches;
    this.clock = clock;
  }

  /** A fresh login. Ends what the same SDK instance was before, and kicks out who is too many. */
  logIn(userId: string, expires: number, connection: Connection): InstanceRecord & { a2: string } {
    for (const old of this.store.instances.values()) {
      const isSame = old.instanceKey !== '' && old.instanceKey === connection.instanceKey;
      if (isSame) this.end(old.number, 0);
    }
    const instance: InstanceRecord = {
      number: ++this.store.lastInstanceNumber,
      userId,
      instanceKey: connection.instanceKey,
      ...this.logStart(userId),
    };
    this.store.instances.set(instance.number, instance);
    this.attach(instance.number, connection);
    this.enforceLimit(userId);
    const a2 = issueTicket(
      { userId, instanceNumber: instance.number, expires, issuedAt: this.clock.now() },
      this.store.secretKey,
    );
    return { ...instance, a2 };
  }

  /** A login by ticket on a new socket. Refused with 1002 when the instance was kicked meanwhile. */
  resume(ticket: Ticket, connection: Connection): InstanceRecord {
    const kickType = this.store.endedInstances.get(ticket.instanceNumber);
    if (kickType !== undefined) throw this.kickedRefusal(kickType);
    const instance: InstanceRecord = this.store.instances.get(ticket.instanceNumber) ?? {
      number: ticket.instanceNumber,
      userId: ticket.userId,
      instanceKey: connection.instanceKey,
      ...this.logStart(ticket.userId),
    };
    this.store.instances.set(instance.number, instance);
    this.attach(instance.number, connection);
    this.enforceLimit(ticket.userId);
    return instance;
  }

  /** The ticket behind `head.a2`; throws the {@link Refusal} for a false or expired one. */
  checkTicket(a2: string, tinyId: string): Ticket {
    const ticket = readTicket(a2, this.store.secretKey);
    if (ticket === null || this.store.users.get(ticket.userId)?.tinyId !== tinyId) {
      throw new Refusal(CODES.ticketInvalid, 'The session ticket is not valid');
    }
    const expiredBefore = this.store.ticketsExpiredBefore.get(ticket.userId) ?? 0;
    if (this.clock.seconds() >= ticket.expires || ticket.issuedAt <= expiredBefore) {
      throw new Refusal(CODES.userSigExpired, 'The UserSig of this session has expired');
    }
    return ticket;
  }

  /** Null for instances that are alive, else how they ended (0 = logged out). */
  endOf(instanceNumber: number): number | null {
    return this.store.endedInstances.get(instanceNumber) ?? null;
  }

  kickedRefusal(kickType: number): Refusal {
    return kickType === 0
      ? new Refusal(CODES.ticketInvalid, 'This session has logged out')
      : new Refusal(CODES.kicked, 'Signed in elsewhere', { KickType: kickType, NewInstInfo: {} });
  }

  /** Ends an instance quietly: logout, or a kick its client cannot be told of. */
  end(instanceNumber: number, kickType: number): void {
    const connection = this.connections.get(instanceNumber);
    if (connection !== undefined) connection.instanceNumber = 0;
    this.connections.delete(instanceNumber);
    this.store.instances.delete(instanceNumber);
    this.store.endedInstances.set(instanceNumber, kickType);
    for (const oldest of this.store.endedInstances.keys()) {
      if (this.store.endedInstances.size <= MAX_ENDED_INSTANCES) break;
      this.store.endedInstances.delete(oldest);
    }
    this.store.onChange();
  }

  /** Throws an instance out and tells its client. */
  kick(instanceNumber: number, kickType: number): void {
    const connection = this.connections.get(instanceNumber);
    this.end(instanceNumber, kickType);
    connection?.send(
      { servcmd: 'im_open_status.stat_forceoffline', seq: ++this.lastPushSeq },
      {
        EventArray: [
          {
            Event: 10,
            C2cNotifyMsgArray: [
              {
                KickoutMsgNotify: { KickType: kickType, Instid: instanceNumber, NewInstInfo: {} },
              },
            ],
          },
        ],
      },
    );
  }

  /** The instances of a user that have a connection now, oldest login first. */
  online(userId: string): InstanceRecord[] {
    return [...this.store.instances.values()].filter(
      (each) => each.userId === userId && this.connections.has(each.number),
    );
  }

  /** Forgets a connection; its instance stays logged in until it comes back or is pushed out. */
  disconnected(connection: Connection): void {
    if (this.connections.get(connection.instanceNumber) === connection) {
      this.connections.delete(connection.instanceNumber);
    }
  }

  /**
   * Pushes one event to the connections of a user. `position` is its place in the user's log, which
   * the client acknowledges; 0 for events that are not in it.
   */
  push(
    userId: string,
    event: Record<string, unknown>,
    { except = 0, position = 0 }: { except?: number; position?: number } = {},
  ): void {
    for (const instance of this.online(userId)) {
      if (instance.number !== except) this.pushTo(instance.number, event, position);
    }
  }

  /** Pushes one event to one instance, if it has a connection. */
  pushTo(instanceNumber: number, event: Record<string, unknown>, position = 0): void {
    this.connections.get(instanceNumber)?.send(
      { servcmd: 'im_open_push.msg_push', seq: ++this.lastPushSeq },
      {
        EventArray: [event],
        NeedAck: 1,
        SessionData: `${instanceNumber}:${position}`,
        Flag: 0,
      },
    );
  }

  /** Notes that an instance has what stands at this position of its user's log. */
  acknowledge(instanceNumber: number, position: number): void {
    const instance = this.store.instances.get(instanceNumber);
    if (instance === undefined || position <= instance.acknowledged) return;
    if (position > this.store.user(instance.userId).lastPosition) return;
    instance.acknowledgedAbove.add(position);
    while (instance.acknowledgedAbove.delete(instance.acknowledged + 1)) instance.acknowledged++;
  }

  /** Sends a command of the server itself, such as OverLoadPush.notify2. */
  command(userId: string, servcmd: string, body: Record<string, unknown>): void {
    for (const { number } of this.online(userId)) {
      this.connections.get(number)?.send({ servcmd, seq: ++this.lastPushSeq }, body);
    }
  }

  private logStart(userId: string) {
    const { lastPosition } = this.store.user(userId);
    return {
      loginPosition: lastPosition,
      acknowledged: lastPosition,
      acknowledgedAbove: new Set<number>(),
    };
  }

  private attach(instanceNumber: number, connection: Connection): void {
    this.connections.set(instanceNumber, connection);
    connection.instanceNumber = instanceNumber;
  }

  /** Instances without a connection go first: nobody is using them. Then the oldest login. */
  private enforceLimit(userId: string): void {
    const all = [...this.store.instances.values()].filter((each) => each.userId === userId);
    const inOrder = [
      ...all.filter((each) => !this.connections.has(each.number)),
      ...all.filter((each) => this.connections.has(each.number)),
    ];
    const surplus = inOrder.length - this.switches.maxWebInstances;
    for (const { number } of inOrder.slice(0, Math.max(0, surplus))) {
      this.kick(number, KICK.multipleAccount);
    }
  }
}
