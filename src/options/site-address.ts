import * as v from 'valibot';
import { Origin } from '../contract/origin.ts';

/**
 * The origin somebody means by what they typed: a whole address or only a host, which is taken
 * for an https one. Undefined when it is no address of a website.
 */
export function originOf(typed: string): string | undefined {
  const text = typed.trim();
  const address = /^[a-z][a-z\d+.-]*:\/\//iu.test(text) ? text : `https://${text}`;
  if (text === '' || !URL.canParse(address)) return;
  const origin = v.safeParse(Origin, new URL(address).origin);
  // Chromium takes spaces and quotes for part of a host (seen with 156).
  return origin.success && !/[%'"]/u.test(origin.output) ? origin.output : undefined;
}
