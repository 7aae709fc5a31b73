import { computed, signal } from '@preact/signals';
import { ask } from '../contract/channel.ts';
import type { Asked } from '../contract/contract.ts';
import { hear } from '../contract/news.ts';
import { ownOf } from '../contract/glance.ts';
import type {
  AccountView,
  DataSettings,
  HoldingView,
  LogView,
  SiteSettingsView,
} from '../contract/own-views.ts';
import type { Glance, StateView } from '../contract/views.ts';
import {
  changedManners,
  defaultManners,
  type Manners,
  type MannersChange,
} from '../message/manners.ts';
import {
  changedNotices,
  defaultNotices,
  type Notices,
  type NoticesChange,
} from '../message/notices.ts';
import { mayNotify } from '../platform/notices.ts';
import { readPolicy, type Policy } from '../platform/policy.ts';
import { readShortcuts, type Shortcuts } from '../platform/shortcuts.ts';
import { i18n } from '#i18n';
import { createAnnouncer } from '../ui/announcer.tsx';
import { words } from '../ui/words.ts';

/** How something the user did went. */
export interface Outcome {
  readonly text: string;
  readonly isFailure: boolean;
}

/** What the options page knows: the account, its connection and the sites that are on. */
export class OptionsModel {
  /** Undefined when nobody is signed in, and until `isLoaded`. */
  readonly account = signal<AccountView | undefined>();
  readonly state = signal<StateView>({ name: 'signed-out' });
  readonly sites = signal<readonly string[]>([]);
  /** What was chosen for each site, as far as it is known. */
  readonly siteSettings = signal<ReadonlyMap<string, SiteSettingsView>>(new Map());
  readonly manners = signal<Manners>(defaultManners);
  readonly notices = signal<Notices>(defaultNotices);
  /** Whether the browser lets notices be shown. */
  readonly mayNotify = signal(true);
  /** What whoever manages the browser has set; undefined until it was read. */
  readonly policy = signal<Policy | undefined>();
  readonly data = signal<DataSettings | undefined>();
  /** My recalls, newest first; undefined until they are wanted, and where a policy forbids the log. */
  readonly log = signal<readonly LogView[] | undefined>();
  readonly isLogShown = signal(false);
  /** Where a text that was looked for is kept, as it was then. */
  readonly holding = signal<HoldingView | undefined>();
  readonly glance = signal<Glance | undefined>();
  readonly shortcuts = signal<Shortcuts | undefined>();
  readonly isLoaded = signal(false);
  /** Whether the worker did not answer the last time it was asked. */
  readonly isUnanswered = signal(false);
  /** Whether a sign-in is under way: its form stays while the account and its states change. */
  readonly isSigningIn = signal(false);
  /** Why the last sign-in failed. */
  readonly signInFailure = signal<string | undefined>();
  readonly announcer = createAnnouncer();
  readonly #told = signal<(Outcome & { readonly count: number }) | undefined>();
  /**
   * What the user did last, as told at the foot of the page: until it was read, and never beside what
   * is said later, as by a form that is not filled in.
   */
  readonly outcome = computed<Outcome | undefined>(() => {
    const told = this.#told.value;
    return told?.count === this.announcer.now.value?.count ? told : undefined;
  });
  #asking: Promise<void> | undefined;
  #mustAskAgain = false;
  /** Savings so far, and how many of them have not ended. */
  #savings = 0;
  #unended = 0;

  /** Asks the worker and keeps up with it until `signal` aborts. */
  follow(signal: AbortSignal): void {
    void this.refresh();
    // Keys and permissions are set in pages of the browser, which tell nobody.
    document.addEventListener(
      'visibilitychange',
      () => {
        if (!document.hidden) void this.refresh();
      },
      { signal },
    );
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
    this.#tell(text, false);
  }

  /** The same for a failure, which is shown until it is dismissed or something else is said. */
  fail(text: string): void {
    this.#tell(text, true);
  }

  /** Shows the last outcome no more. */
  dismiss(): void {
    this.#told.value = undefined;
  }

  #tell(text: string, isFailure: boolean): void {
    this.announcer.announce(words(text));
    this.#told.value = { text, isFailure, count: this.announcer.now.peek()?.count ?? 0 };
  }

  /** Saves a choice of how Unsay behaves in pages, and says so. */
  setManners(change: MannersChange): Promise<void> {
    this.manners.value = changedManners(this.manners.peek(), change);
    return this.keep(() => ask('setManners', change));
  }

  /** Saves a choice of what is told outside of the browser's windows, and says so. */
  setNotices(change: NoticesChange): Promise<void> {
    this.notices.value = changedNotices(this.notices.peek(), change);
    return this.keep(() => ask('setNotices', change));
  }

  /** Saves a choice for a site, and says so. It is shown once it is kept: it may be about a sign-in. */
  async setSiteSettings(
    origin: string,
    change: Omit<Asked<'setSiteSettings'>, 'origin'>,
  ): Promise<void> {
    await this.keep(() => ask('setSiteSettings', { origin, ...change }));
    // Drawn anew, also where nobody answers: a box shows what is kept, not what was clicked.
    this.siteSettings.value = new Map(this.siteSettings.peek());
  }

  /** Says that the browser allows no notices. Nothing is saved, and the box goes back to what is. */
  refuseNotices(): void {
    this.notices.value = { ...this.notices.peek() };
    this.say(i18n.t('options.noticeDenied'));
  }

  /** Saves something, says how that went, and shows what is. */
  async keep(save: () => Promise<unknown>): Promise<void> {
    this.#savings += 1;
    this.#unended += 1;
    try {
      await save();
      this.say(i18n.t('options.saved'));
    } catch {
      this.fail(i18n.t('failure.noAnswer'));
    } finally {
      this.#unended -= 1;
    }
    await this.refresh();
  }

  /** Shows my recalls, and keeps up with them from now on. */
  showLog(): Promise<void> {
    this.isLogShown.value = true;
    return this.refresh();
  }

  /**
   * Asks for everything; asked again while it runs, it asks once more afterwards. Resolves when the
   * answers to that are shown.
   */
  refresh(): Promise<void> {
    this.#mustAskAgain = true;
    this.#asking ??= this.#askAll().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #askAll(): Promise<void> {
    while (this.#mustAskAgain) {
      this.#mustAskAgain = false;
      const savings = this.#unended === 0 ? this.#savings : undefined;
      try {
        const [account, glance, sites, manners, notices, data, policy, log, shortcuts, may] =
          await Promise.all([
            ask('account'),
            ask('glance'),
            ask('sites'),
            ask('manners'),
            ask('notices'),
            ask('dataSettings'),
            readPolicy(),
            this.isLogShown.peek() ? ask('recallLog') : undefined,
            readShortcuts().catch(() => undefined),
            mayNotify().catch(() => true),
          ]);
        const siteSettings = await this.#settingsOf(sites);
        this.account.value = account;
        this.state.value = ownOf(glance)?.state ?? { name: 'signed-out' };
        this.sites.value = sites;
        // Read before a saving or while there was one: it would show what is not so any more.
        if (savings === this.#savings) {
          this.siteSettings.value = siteSettings;
          this.manners.value = manners;
          this.notices.value = notices;
        }
        this.data.value = data;
        this.policy.value = policy;
        this.log.value = log === 'off' ? undefined : log;
        this.glance.value = glance;
        this.shortcuts.value = shortcuts;
        this.mayNotify.value = may;
        this.isLoaded.value = true;
        this.isUnanswered.value = false;
      } catch {
        this.isUnanswered.value = true;
      }
    }
  }

  async #settingsOf(sites: readonly string[]): Promise<ReadonlyMap<string, SiteSettingsView>> {
    const known = this.siteSettings.peek();
    const all = await Promise.all(
      sites.map(async (site) => {
        const settings = await ask('siteSettings', site).catch(() => known.get(site));
        return settings ? [[site, settings] as const] : [];
      }),
    );
    return new Map(all.flat());
  }
}
