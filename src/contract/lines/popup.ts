import * as v from 'valibot';
import { Origin } from '../origin.ts';
import { Glance, SiteStateView } from '../views.ts';
import { nothing, own, type Lines } from './line.ts';

/** What the popup asks, beside what is shared: it is to open quickly and carries no more. */
export const popupLines = {
  /** Everything the popup shows. */
  glance: { from: own, ask: nothing, answer: Glance },
  /** Origins the user turned on. */
  sites: { from: own, ask: nothing, answer: v.array(Origin) },
  /**
   * Says that the user wants a site on. The page asks the browser for access right after it; the
   * worker turns the site on when the browser grants it, also if the asking popup is gone by then.
   */
  wantSite: { from: own, ask: Origin, answer: nothing },
  /** False without access, without the user's consent, and where a policy is against it. */
  turnSiteOn: { from: own, ask: Origin, answer: v.boolean() },
  turnSiteOff: { from: own, ask: Origin, answer: nothing },
  /** Whether Unsay may be on at a site, and whose session its open pages have. */
  siteState: { from: own, ask: Origin, answer: SiteStateView },
  /** Connects again after being signed in elsewhere, at the user's wish. */
  reconnect: { from: own, ask: nothing, answer: nothing },
  /** Throws a damaged database away and reads the service anew. */
  rebuild: { from: own, ask: nothing, answer: nothing },
} as const satisfies Lines;
