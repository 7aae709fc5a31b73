import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask } from '../contract/channel.ts';
import { requestAccess } from '../platform/site-access.ts';
import { Sentence } from '../ui/sentence.tsx';
import { words, wordsAbout } from '../ui/words.ts';
import type { WelcomeModel } from './model.ts';

interface Props {
  readonly site: string;
  readonly model: WelcomeModel;
}

/** A site the manager of the browser offers Unsay for, to be turned on with one click. */
export function OfferedSite({ site, model }: Props): VNode {
  const isOn = useSignal(false);
  const wrong = useSignal<string | undefined>(undefined);
  useEffect(() => {
    ask('sites').then(
      (sites) => {
        isOn.value = sites.includes(site);
      },
      () => undefined,
    );
  }, [site]);
  const fail = (text: string): void => {
    wrong.value = text;
    model.announcer.announce(words(text));
  };
  const finish = async (granted: Promise<boolean>): Promise<void> => {
    try {
      isOn.value = (await granted.catch(() => false)) && (await ask('turnSiteOn', site));
      if (!isOn.value) fail(i18n.t('site.denied'));
    } catch {
      fail(i18n.t('failure.noAnswer'));
    }
  };
  const { host } = new URL(site);
  const say = (slot: string): string =>
    isOn.value ? i18n.t('site.isOn', [slot]) : i18n.t('site.turnOn', [slot]);
  return (
    <div class="offered">
      <p>{i18n.t('welcome.nextOffered')}</p>
      <button
        type="button"
        class="button main"
        aria-disabled={isOn.value}
        onClick={() => {
          if (isOn.value) return;
          wrong.value = undefined;
          // Asked in the very turn of the click, or the browser does not count it as one.
          void finish(requestAccess(site));
        }}
      >
        {/* One piece: a button lays its pieces out side by side, without the space between them. */}
        <span>
          <Sentence of={wordsAbout(say, host)} />
        </span>
      </button>
      {wrong.value !== undefined && <p class="failure">{wrong.value}</p>}
    </div>
  );
}
