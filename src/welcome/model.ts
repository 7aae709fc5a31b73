import { i18n } from '#i18n';
import { signal } from '@preact/signals';
import { ask } from '../contract/channel.ts';
import { readConsent, type Consent } from '../platform/consent.ts';
import { readPolicy, type Policy } from '../platform/policy.ts';
import { createAnnouncer } from '../ui/announcer.tsx';
import { words } from '../ui/words.ts';
import { Practice } from './practice.ts';

/** What the welcome page knows. */
export class WelcomeModel {
  readonly consent = signal<Consent>({ by: 'nobody' });
  /** What the manager of the browser has set; undefined until it is known. */
  readonly policy = signal<Policy | undefined>();
  /** What the user did last, in a sentence. */
  readonly outcome = signal<string | undefined>();
  readonly announcer = createAnnouncer();
  readonly practice = new Practice(
    {
      partnerName: i18n.t('welcome.practicePartner'),
      first: i18n.t('welcome.practiceFirst'),
      slip: i18n.t('welcome.practiceSlip'),
    },
    Date.now(),
  );

  async load(): Promise<void> {
    const [consent, policy] = await Promise.all([readConsent(), readPolicy()]);
    this.consent.value = consent;
    this.policy.value = policy;
  }

  async agree(): Promise<void> {
    await ask('agree');
    this.#say(i18n.t('welcome.thanks'));
    await this.load();
  }

  async withdraw(): Promise<void> {
    const failure = await ask('withdrawConsent').then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    await this.load();
    // It is taken back also when not everything could be deleted at once.
    if (failure && this.consent.value.by === 'user') throw failure.error;
    this.#say(i18n.t(failure ? 'welcome.withdrawnPartly' : 'welcome.withdrawn'));
  }

  #say(text: string): void {
    this.outcome.value = text;
    this.announcer.announce(words(text));
  }
}
