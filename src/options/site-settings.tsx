import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import * as v from 'valibot';
import { ask } from '../contract/channel.ts';
import type { SiteSettingsView } from '../contract/own-views.ts';
import { ServerAddress } from '../platform/server-address.ts';
import { spoken, words, wordsAbout } from '../ui/words.ts';
import { Check } from './check.tsx';
import { Field } from './field.tsx';
import type { OptionsModel } from './model.ts';
import { SetServer } from './set-server.tsx';

interface Props {
  readonly site: string;
  readonly model: OptionsModel;
}

/** What Unsay may do for a site while no page of it is open; by default nothing. */
export function SiteSettings({ site, model }: Props): VNode | null {
  const settings = useSignal<SiteSettingsView | undefined>(undefined);
  const wrong = useSignal<string | undefined>(undefined);
  useEffect(() => {
    ask('siteSettings', site).then(
      (kept) => {
        settings.value = kept;
      },
      // The page itself says that the worker does not answer.
      () => undefined,
    );
  }, []);
  const now = settings.value;
  if (!now) return null;
  const setServer = model.policy.value?.server;

  const save = async (chosen: SiteSettingsView): Promise<void> => {
    // Nothing is kept of a sign-in that is not used.
    const next = { ...chosen, staysSignedIn: chosen.connectsAlone && chosen.staysSignedIn };
    try {
      await ask('setSiteSettings', { origin: site, ...next });
      settings.value = next;
      model.say(i18n.t('options.saved'));
    } catch {
      // Drawn anew: a box shows what is kept, not what was clicked.
      settings.value = { ...now };
      model.fail(i18n.t('failure.noAnswer'));
    }
  };
  const saveServer = (typed: string): void => {
    const server = typed.trim();
    wrong.value = undefined;
    if (server !== '' && !v.is(ServerAddress, server)) {
      wrong.value = i18n.t('options.badServer');
      model.announcer.announce(words(wrong.value));
      return;
    }
    const { connectsAlone, staysSignedIn } = now;
    void save({ connectsAlone, staysSignedIn, ...(server !== '' && { server }) });
  };

  return (
    <details class="site-settings">
      <summary aria-label={spoken(wordsAbout((slot) => i18n.t('options.aloneFor', [slot]), site))}>
        {i18n.t('options.alone')}
      </summary>
      <Check
        label={i18n.t('options.connectsAlone')}
        help={i18n.t('options.connectsAloneHelp')}
        isChecked={now.connectsAlone}
        onChange={(connectsAlone) => {
          void save({ ...now, connectsAlone });
        }}
      />
      {now.connectsAlone && (
        <>
          <Check
            label={i18n.t('options.aloneStays')}
            help={i18n.t('options.stayHelp')}
            isChecked={now.staysSignedIn}
            onChange={(staysSignedIn) => {
              void save({ ...now, staysSignedIn });
            }}
          />
          {setServer === undefined ? (
            <Field
              label={i18n.t('options.server')}
              help={i18n.t('options.serverHelp')}
              wrong={wrong.value}
            >
              {(props) => (
                <input
                  {...props}
                  dir="ltr"
                  inputMode="url"
                  autoComplete="off"
                  spellcheck={false}
                  defaultValue={now.server ?? ''}
                  onChange={(event) => {
                    saveServer(event.currentTarget.value);
                  }}
                />
              )}
            </Field>
          ) : (
            <SetServer server={setServer} />
          )}
        </>
      )}
    </details>
  );
}
