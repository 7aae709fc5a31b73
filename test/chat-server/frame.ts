import { deflateSync } from 'node:zlib';

/** Frames above this are refused and their connection is closed (WebSocket close code 1009). */
export const MAX_FRAME_BYTES = 1024 * 1024;
/** Deeper nesting than any real message has; parsing stops before it can hurt. */
export const MAX_NESTING = 48;

export interface FrameHead {
  servcmd: string;
  seq: number;
  /** Session ticket, empty before login. */
  a2: string;
  tinyid: string;
  /** User ID and UserSig; empty once there is a ticket. */
  identifier: string;
  usersig: string;
  sdkappid: number;
}

export interface Frame {
  head: FrameHead;
  /** Whatever the client put there; each command checks its own. */
  body: unknown;
}

/** A frame that cannot be understood. `servcmd` and `seq` are there if at least those could be read. */
export interface BadFrame {
  problem: string;
  servcmd: string;
  seq: number;
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) isInString = false;
    } else if (code === 0x22) isInString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_NESTING) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** Reads one frame; never throws. */
export function decodeFrame(bytes: Uint8Array): Frame | BadFrame {
  const bad = (problem: string, servcmd = '', seq = 0): BadFrame => ({ problem, servcmd, seq });
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return bad('the frame is not UTF-8 text');
  }
  if (isTooDeep(text)) return bad(`the frame nests deeper than ${MAX_NESTING} levels`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return bad('the frame is not JSON');
  }
  if (!isRecord(json) || !isRecord(json.head)) return bad('the frame has no head');
  const head = json.head;
  const servcmd = head.servcmd;
  const seq = head.seq;
  if (typeof servcmd !== 'string' || !/^[\w]{1,64}\.[\w]{1,64}$/.test(servcmd)) {
    return bad('head.servcmd is not a command name');
  }
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq)) {
    return bad('head.seq is not a whole number', servcmd);
  }
  return {
    head: {
      servcmd,
      seq,
      a2: textOf(head.a2),
      tinyid: textOf(head.tinyid),
      identifier: textOf(head.identifier),
      usersig: textOf(head.usersig),
      sdkappid: typeof head.sdkappid === 'number' ? head.sdkappid : 0,
    },
    body: json.body,
  };
}

/**
 * The bytes of one frame to a client. Compressed frames are the four letters COMP and zlib data,
 * which SDK 3.6.6 accepts without having been told.
 */
export function encodeFrame(
  head: { servcmd: string; seq: number },
  body: Record<string, unknown>,
  isCompressed: boolean,
): Buffer {
  const json = Buffer.from(JSON.stringify({ head, body }));
  return isCompressed ? Buffer.concat([Buffer.from('COMP'), deflateSync(json)]) : json;
}
