import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import * as v from 'valibot';
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
  const wrong = useSignal<string | undefined>(undefined);
  const field = useRef<HTMLInputElement>(null);
  const now = model.siteSettings.value.get(site);
  const server = now?.server ?? '';
  useEffect(() => {
    // Chosen in another window; what is being typed here stays.
    if (field.current && field.current !== document.activeElement) field.current.value = server;
  }, [server]);
  if (!now) return null;
  const setServer = model.policy.value?.server;

  const saveServer = (typed: string): void => {
    const chosen = typed.trim();
    wrong.value = undefined;
    if (chosen !== '' && !v.is(ServerAddress, chosen)) {
      wrong.value = i18n.t('options.badServer');
      model.announcer.announce(words(wrong.value));
      return;
    }
    void model.setSiteSettings(site, { server: chosen === '' ? null : chosen });
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
          void model.setSiteSettings(site, { connectsAlone });
        }}
      />
      {now.connectsAlone && (
        <>
          <Check
            label={i18n.t('options.aloneStays')}
            help={i18n.t('options.stayHelp')}
            isChecked={now.staysSignedIn}
            onChange={(staysSignedIn) => {
              void model.setSiteSettings(site, { staysSignedIn });
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
                  ref={field}
                  dir="ltr"
                  inputMode="url"
                  autoComplete="off"
                  spellcheck={false}
                  defaultValue={server}
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
