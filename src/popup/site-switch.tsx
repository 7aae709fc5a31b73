import { i18n } from '#i18n';
import { useSignal, useSignalEffect } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask } from '../contract/popup-ask.ts';
import { requestAccess } from '../platform/site-access.ts';
import { Sentence } from '../ui/sentence.tsx';
import { words, wordsAbout } from '../ui/words.ts';
import type { PopupModel } from './model.ts';
import { currentOrigin, watchPage } from './site.ts';
import { SiteState } from './site-state.tsx';

type Trouble = 'denied' | 'unanswered';

interface Props {
  readonly model: Pick<PopupModel, 'announcer' | 'glance' | 'mayTurnOn'>;
}

/** Turns Unsay on and off for the page the popup was opened over. */
export function SiteSwitch({ model: { announcer, glance, mayTurnOn } }: Props): VNode {
  /** `undefined` until it is known; '' for a page that is no website. */
  const origin = useSignal<string | undefined>(undefined);
  const isOn = useSignal(false);
  const isForbidden = useSignal(false);
  const isBusy = useSignal(false);
  const trouble = useSignal<Trouble | undefined>(undefined);

  useEffect(() => {
    let looks = 0;
    const look = async (): Promise<void> => {
      const look = (looks += 1);
      const found = await currentOrigin().catch(() => undefined);
      // Set together with the answer, so that the switch never shows a guess.
      const [sites, state] = await Promise.all([
        found === undefined ? ([] as string[]) : ask('sites').catch(() => undefined),
        found === undefined ? undefined : ask('siteState', found).catch(() => undefined),
      ]);
      // What is being asked of the browser is for the page that they saw.
      if (look !== looks || isBusy.peek()) return;
      if (!sites) trouble.value = 'unanswered';
      else if (origin.peek() !== (found ?? '')) trouble.value = undefined;
      isOn.value = found !== undefined && (sites?.includes(found) ?? false);
      isForbidden.value = state?.name === 'forbidden';
      origin.value = found ?? '';
    };
    void look();
    // The page may not be there yet.
    return watchPage(() => void look());
  }, []);
  useSignalEffect(() => {
    mayTurnOn.value = !!origin.value && !isOn.value && !isForbidden.value;
  });

  const fail = (why: Trouble): void => {
    trouble.value = why;
    announcer.announce(words(troubleText(why)));
  };
  const finish = async (work: Promise<boolean>): Promise<void> => {
    isBusy.value = true;
    trouble.value = undefined;
    try {
      isOn.value = await work;
    } catch {
      fail('unanswered');
    }
    isBusy.value = false;
  };
  const turnOn = async (site: string, granted: Promise<boolean>): Promise<boolean> => {
    const isGranted = await granted.catch(() => false);
    const isTurnedOn = isGranted && (await ask('turnSiteOn', site));
    if (!isTurnedOn) fail('denied');
    return isTurnedOn;
  };
  const toggle = (site: string): void => {
    if (isBusy.peek()) return;
    if (isOn.peek()) {
      void finish(ask('turnSiteOff', site).then(() => false));
      return;
    }
    // The worker turns the site on by itself when the browser's question closes this popup. Its
    // silence shows when it is asked to turn the site on.
    ask('wantSite', site).catch(() => undefined);
    void finish(turnOn(site, requestAccess(site)));
  };

  const site = origin.value;
  if (site === undefined) return <footer class="site" aria-busy="true" />;
  if (site === '') {
    return (
      <footer class="site">
        <p class="site-help">{i18n.t('site.none')}</p>
      </footer>
    );
  }
  const { host } = new URL(site);
  if (isForbidden.value) {
    return (
      <footer class="site">
        <p class="site-help">
          <Sentence of={wordsAbout((slot) => i18n.t('site.forbidden', [slot]), host)} />
        </p>
      </footer>
    );
  }
  return (
    <footer class="site">
      <button
        type="button"
        role="switch"
        class="switch"
        aria-checked={isOn.value}
        aria-disabled={isBusy.value}
        onClick={() => {
          toggle(site);
        }}
      >
        <span class="switch-name">
          <Sentence
            of={wordsAbout(
              (slot) => (isOn.value ? i18n.t('site.isOn', [slot]) : i18n.t('site.turnOn', [slot])),
              host,
            )}
          />
        </span>
        <span class="switch-track" aria-hidden="true">
          <span class="switch-knob" />
        </span>
      </button>
      {/* Keeps its room while the worker is asked: nothing moves under a hand. */}
      <div class="site-note">
        {trouble.value && <p class="failure">{troubleText(trouble.value)}</p>}
        {!trouble.value && !isOn.value && <p class="site-help">{i18n.t('site.offHelp')}</p>}
        {isOn.value && <SiteState site={site} announcer={announcer} glance={glance} />}
      </div>
    </footer>
  );
}

function troubleText(why: Trouble): string {
  return i18n.t(why === 'denied' ? 'site.denied' : 'failure.noAnswer');
}
