import type { Answer, World } from './command.ts';
import type { FrameHead } from './frame.ts';
import { CODES, Refusal } from './refusal.ts';
import { PURCHASED_FEATURES } from './startup.ts';
import type { Connection } from './transport.ts';
import { checkUserSig } from './usersig.ts';

/** Who a request comes from. */
export interface Identity {
  userId: string;
  /** 0 when proven by UserSig instead of a ticket. */
  instanceNumber: number;
}

/** Verifies the UserSig of a head; returns when it expires (server seconds). */
function checkSignature(world: World, head: FrameHead): number {
  if (head.sdkappid !== world.sdkAppId) {
    throw new Refusal(CODES.userSigWrongApp, `This server is for SDKAppID ${world.sdkAppId}`);
  }
  const expires = checkUserSig(
    head.usersig,
    { userId: head.identifier, sdkAppId: world.sdkAppId, now: world.clock.seconds() },
    world.store.secretKey,
  );
  if (!world.store.users.has(head.identifier)) {
    throw new Refusal(CODES.noSuchAccount, 'There is no such user');
  }
  return expires;
}

/** The identity of a request after login, by ticket or (uploads) by UserSig. */
export function identify(world: World, head: FrameHead): Identity {
  if (head.a2 === '') {
    if (head.usersig === '') throw new Refusal(CODES.ticketInvalid, 'Not logged in');
    checkSignature(world, head);
    return { userId: head.identifier, instanceNumber: 0 };
  }
  const { userId, instanceNumber } = world.sessions.checkTicket(head.a2, head.tinyid);
  const end = world.sessions.endOf(instanceNumber);
  // Requests that were under way when the user logged out are still answered.
  if (end !== null && end !== 0) throw world.sessions.kickedRefusal(end);
  return { userId, instanceNumber };
}

/** `wslogin`: the first one by UserSig, after a reconnect by ticket. */
export function logIn(
  world: World,
  head: FrameHead,
  connection: Connection,
): { identity: Identity; answer: Answer } {
  const { store, sessions, clock } = world;
  const accept = (userId: string, instanceNumber: number, a2: string) => {
    store.onChange();
    const answer = {
      TinyId: store.user(userId).tinyId,
      A2Key: a2,
      HelloInterval: world.switches.helloIntervalSeconds,
      InstId: instanceNumber,
      TimeStamp: clock.seconds(),
      CustomStatus: '',
      PurchaseBits: PURCHASED_FEATURES,
      RichMsgAuthKey: '',
    };
    return { identity: { userId, instanceNumber }, answer };
  };
  if (head.a2 !== '') {
    const ticket = sessions.checkTicket(head.a2, head.tinyid);
    return accept(ticket.userId, sessions.resume(ticket, connection).number, head.a2);
  }
  const expires = checkSignature(world, head);
  const { number, a2 } = sessions.logIn(head.identifier, expires, connection);
  return accept(head.identifier, number, a2);
}

/** `wslogout`: always answered, also for instances that were kicked or never logged in. */
export function logOut(world: World, head: FrameHead): Identity {
  if (head.a2 === '') return { userId: '', instanceNumber: 0 };
  const { userId, instanceNumber } = world.sessions.checkTicket(head.a2, head.tinyid);
  if (world.sessions.endOf(instanceNumber) === null) world.sessions.end(instanceNumber, 0);
  return { userId, instanceNumber };
}
