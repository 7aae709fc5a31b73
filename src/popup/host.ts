import type { ReadonlySignal } from '@preact/signals';
import type { Glance, SentView, TimeView } from '../contract/views.ts';
import type { Announcer } from '../ui/announcer.tsx';

/** What lists of messages need of the page they stand in: the popup or the side panel. */
export interface Host {
  /** Undefined until the cache or the worker gave one. */
  readonly glance: ReadonlySignal<Glance | undefined>;
  /** This computer's clock, ms; moves every second. */
  readonly clock: ReadonlySignal<number>;
  readonly announcer: Announcer;
  /** The message whose copies are to be recalled with it, where the page offers that. */
  readonly sweepOf?: ReadonlySignal<SentView | undefined>;
  /** Whether it stands over a page that Unsay is off for and can be turned on for, where it has a switch. */
  readonly mayTurnOn?: ReadonlySignal<boolean>;
  /** The server time of a message's account, where it is known. */
  time(of: Pick<SentView, 'account'>): TimeView | undefined;
  /** Server milliseconds left to recall a message; 0 when over, undefined when not known yet. */
  left(sent: Pick<SentView, 'account' | 'until'>): number | undefined;
  /** Server milliseconds left to have the words of a recalled message back; 0 when over. */
  reeditLeft(sent: Pick<SentView, 'account' | 'reeditUntil'>): number;
  /** Asks the worker for all that is shown. */
  refresh(): Promise<void>;
  /** Closes the list of what is to be recalled. */
  leaveSweep(): void;
}
