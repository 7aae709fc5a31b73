import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';

/**
 * The ticket a login answer carries as `A2Key` and every later request as `head.a2`. It is signed
 * and holds all the server needs to know an instance again, so it outlives a restart.
 */
export interface Ticket {
  userId: string;
  instanceNumber: number;
  /** Server seconds; the moment the UserSig of the login expires. */
  expires: number;
  /** Server milliseconds. */
  issuedAt: number;
}

const TicketSchema = v.object({
  userId: v.string(),
  instanceNumber: v.number(),
  expires: v.number(),
  issuedAt: v.number(),
});

function sign(payload: string, secretKey: string): Buffer {
  return createHmac('sha256', secretKey).update(`ticket:${payload}`).digest();
}

export function issueTicket(ticket: Ticket, secretKey: string): string {
  const payload = Buffer.from(JSON.stringify(ticket)).toString('base64url');
  return `${payload}.${sign(payload, secretKey).toString('base64url')}`;
}

/** Null if the text is not a ticket signed with this key. Expiry is the caller's to judge. */
export function readTicket(text: string, secretKey: string): Ticket | null {
  const [payload, signature, ...rest] = text.split('.');
  if (payload === undefined || signature === undefined || rest.length > 0) return null;
  const given = Buffer.from(signature, 'base64url');
  const right = sign(payload, secretKey);
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
  const ticket: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  return v.parse(TicketSchema, ticket);
}
