/**
 * How the two scripts in a page speak: events on the elements they speak about, which both worlds
 * see. What is asked and told is text only, as objects do not pass between the worlds in Firefox.
 * The page can hear and forge all of it, which gives it nothing: it is asked only for what it
 * knows, and what it tells is a claim.
 */
export const askEvent = 'unsay:ask';
export const tellEvent = 'unsay:tell';

/**
 * - `message`: which message is behind this element? Told as its id.
 * - `session`: who is the page signed in as? Told as `<SDKAppID or nothing>:<UserID>`.
 * - `here`: nothing asked; the isolated script is there, and alive.
 * - `leave`: stop answering.
 */
export type PageQuestion = 'session' | 'message' | 'here' | 'leave';

/** Told on the document, unasked, when the reader is there. */
export const isReady = 'ready';

/** Told on the document now and then: an isolated script that lives asks `here` before it returns. */
export const areYouThere = 'there?';

/**
 * Asked on the document, followed by a word nobody can guess: from then on the two speak of the
 * session by events whose names end in that word. Where both scripts run before the page's own, the
 * page never hears it; else the page could have heard it, and learns what its own SDK knows anyway.
 */
export const rideWith = 'ride ';

/** What the isolated script asks of the rider, as JSON of a call. */
export function callEvent(word: string): string {
  return `${askEvent}:${word}`;
}

/** What the rider says, as JSON of a `RiderWord`. */
export function wordEvent(word: string): string {
  return `${tellEvent}:${word}`;
}
