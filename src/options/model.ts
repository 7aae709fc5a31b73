import { signal } from '@preact/signals';
import { ask } from '../contract/channel.ts';
import { hear } from '../contract/news.ts';
import { ownOf } from '../contract/glance.ts';
import type { AccountView, StateView } from '../contract/views.ts';
import { createAnnouncer } from '../ui/announcer.tsx';
import { words } from '../ui/words.ts';

/** What the options page knows: the account, its connection and the sites that are on. */
export class OptionsModel {
  /** Undefined when nobody is signed in, and until `isLoaded`. */
  readonly account = signal<AccountView | undefined>();
  readonly state = signal<StateView>({ name: 'signed-out' });
  readonly sites = signal<readonly string[]>([]);
  readonly isLoaded = signal(false);
  /** Whether the worker did not answer the last time it was asked. */
  readonly isUnanswered = signal(false);
  /** Whether a sign-in is under way: its form stays while the account and its states change. */
  readonly isSigningIn = signal(false);
  /** Why the last sign-in failed. */
  readonly signInFailure = signal<string | undefined>();
  readonly announcer = createAnnouncer();
  /** What the user did last, as told at the foot of the page. */
  readonly outcome = signal<string | undefined>();
  #isAsking = false;
  #mustAskAgain = false;

  /** Asks the worker and keeps up with it until `signal` aborts. */
  follow(signal: AbortSignal): void {
    void this.refresh();
    hear(
      {
        onNews: (news) => {
          if (news.kind !== 'rows') void this.refresh();
        },
        onGone: () => {
          this.isUnanswered.value = true;
        },
      },
      signal,
    );
  }

  /** Tells an outcome to everybody: shown and read out. */
  say(text: string): void {
    this.outcome.value = text;
    this.announcer.announce(words(text));
  }

  /** Asks for everything; asked again while it runs, it asks once more afterwards. */
  async refresh(): Promise<void> {
    this.#mustAskAgain = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (this.#mustAskAgain) {
      this.#mustAskAgain = false;
      try {
        const [account, glance, sites] = await Promise.all([
          ask('account'),
          ask('glance'),
          ask('sites'),
        ]);
        this.account.value = account;
        this.state.value = ownOf(glance)?.state ?? { name: 'signed-out' };
        this.sites.value = sites;
        this.isLoaded.value = true;
        this.isUnanswered.value = false;
      } catch {
        this.isUnanswered.value = true;
      }
    }
    this.#isAsking = false;
  }
}
