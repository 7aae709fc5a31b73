/** The server's idea of the time: the machine's clock plus a settable offset. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Whole seconds, rounded down, as every time on the wire. */
  seconds(): number;
}

/** `offsetSeconds` is asked at every reading, so the offset can change while the server runs. */
export function makeClock(offsetSeconds: () => number): Clock {
  const now = () => Date.now() + offsetSeconds() * 1000;
  return { now, seconds: () => Math.floor(now() / 1000) };
}
