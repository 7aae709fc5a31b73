import { createHmac, timingSafeEqual } from 'node:crypto';
import { deflateSync, inflateSync } from 'node:zlib';
import * as v from 'valibot';
import { CODES, Refusal } from './refusal.ts';

/**
 * UserSig, the password of the service: zlib-deflated JSON, base64 with `+/=` written as `*-_`,
 * signed with HMAC-SHA256 over four or five lines of text. Format as in Tencent's public
 * signature library (npm tls-sig-api-v2), whose signatures verify here.
 */
export interface UserSigClaims {
  userId: string;
  sdkAppId: number;
  /** Server seconds. */
  issued: number;
  lifetimeSeconds: number;
}

const PayloadSchema = v.object({
  'TLS.ver': v.literal('2.0'),
  'TLS.identifier': v.string(),
  'TLS.sdkappid': v.number(),
  'TLS.time': v.number(),
  'TLS.expire': v.number(),
  'TLS.sig': v.string(),
  'TLS.userbuf': v.optional(v.string()),
});

/** No honest UserSig comes near this; larger ones are not inflated. */
const MAX_USERSIG_CHARACTERS = 4096;
const MAX_PAYLOAD_BYTES = 16_384;

function sign(claims: UserSigClaims, userBuffer: string | undefined, secretKey: string): Buffer {
  let content =
    `TLS.identifier:${claims.userId}\nTLS.sdkappid:${claims.sdkAppId}\n` +
    `TLS.time:${claims.issued}\nTLS.expire:${claims.lifetimeSeconds}\n`;
  if (userBuffer !== undefined) content += `TLS.userbuf:${userBuffer}\n`;
  return createHmac('sha256', secretKey).update(content).digest();
}

/** Makes a UserSig the server accepts. */
export function issueUserSig(claims: UserSigClaims, secretKey: string): string {
  const payload = {
    'TLS.ver': '2.0',
    'TLS.identifier': claims.userId,
    'TLS.sdkappid': claims.sdkAppId,
    'TLS.expire': claims.lifetimeSeconds,
    'TLS.time': claims.issued,
    'TLS.sig': sign(claims, undefined, secretKey).toString('base64'),
  };
  return deflateSync(JSON.stringify(payload))
    .toString('base64')
    .replace(/\+/g, '*')
    .replace(/\//g, '-')
    .replace(/=/g, '_');
}

function decode(userSig: string): v.InferOutput<typeof PayloadSchema> {
  const broken = new Refusal(CODES.userSigBroken, 'UserSig is broken or truncated');
  if (userSig.length > MAX_USERSIG_CHARACTERS) throw broken;
  try {
    const deflated = Buffer.from(
      userSig.replace(/\*/g, '+').replace(/-/g, '/').replace(/_/g, '='),
      'base64',
    );
    const json: unknown = JSON.parse(
      inflateSync(deflated, { maxOutputLength: MAX_PAYLOAD_BYTES }).toString('utf8'),
    );
    return v.parse(PayloadSchema, json);
  } catch {
    throw broken;
  }
}

/**
 * Returns the moment (server seconds) at which the UserSig expires, or throws a {@link Refusal}
 * with the code of the service. The order of the checks (form, app, signature, expiry, user) is a
 * choice; what the real service checks first is not documented.
 */
export function checkUserSig(
  userSig: string,
  expected: { userId: string; sdkAppId: number; now: number },
  secretKey: string,
): number {
  const payload = decode(userSig);
  const claims: UserSigClaims = {
    userId: payload['TLS.identifier'],
    sdkAppId: payload['TLS.sdkappid'],
    issued: payload['TLS.time'],
    lifetimeSeconds: payload['TLS.expire'],
  };
  if (claims.sdkAppId !== expected.sdkAppId) {
    throw new Refusal(CODES.userSigWrongApp, 'UserSig was made for another SDKAppID');
  }
  const given = Buffer.from(payload['TLS.sig'], 'base64');
  const right = sign(claims, payload['TLS.userbuf'], secretKey);
  if (given.length !== right.length || !timingSafeEqual(given, right)) {
    throw new Refusal(CODES.userSigWrongKey, 'UserSig does not verify with the key of this app');
  }
  const expires = claims.issued + claims.lifetimeSeconds;
  if (expected.now >= expires) throw new Refusal(CODES.userSigExpired, 'UserSig has expired');
  if (claims.userId !== expected.userId) {
    throw new Refusal(CODES.userSigWrongUser, 'UserSig was made for another user');
  }
  return expires;
}
