import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ActionButton } from '../ui/action-button.tsx';
import { languageTag } from '../ui/locale.ts';
import type { WelcomeModel } from './model.ts';
import { OfferedSite } from './offered-site.tsx';

interface Props {
  readonly model: WelcomeModel;
  readonly openOptions: () => Promise<void>;
}

/** Asks for the consent, or says that it was given, what comes next and how to take it back. */
export function Agreement({ model, openOptions }: Props): VNode {
  const { announcer } = model;
  const consent = model.consent.value;
  const heading = useRef<HTMLHeadingElement>(null);
  const section = useRef<HTMLElement>(null);
  // The pressed button goes, and the focus with it.
  const hadFocus = section.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (hadFocus && !section.current?.contains(document.activeElement)) heading.current?.focus();
  });
  return (
    <section class="card consent" aria-labelledby="consent" ref={section}>
      <h2 id="consent" ref={heading} tabIndex={-1}>
        {i18n.t(consent.by === 'nobody' ? 'welcome.consent' : 'welcome.consentGiven')}
      </h2>
      {model.outcome.value !== undefined && <p class="outcome">{model.outcome.value}</p>}
      {consent.by === 'nobody' ? (
        <>
          <p>{i18n.t('welcome.consentHelp')}</p>
          <div>
            <ActionButton
              key="agree"
              label={i18n.t('welcome.agree')}
              look="main"
              announcer={announcer}
              run={() => model.agree()}
            />
          </div>
        </>
      ) : (
        <>
          <p>
            {consent.by === 'user'
              ? i18n.t('welcome.agreed', [dateWords(consent.at)])
              : i18n.t('welcome.agreedByPolicy')}
          </p>
          {model.policy.value?.offeredSites.map((site) => (
            <OfferedSite key={site} site={site} model={model} />
          ))}
          <ul class="points">
            <li>{i18n.t('welcome.nextChat')}</li>
            <li>{i18n.t('welcome.nextSignIn')}</li>
          </ul>
          <div>
            <ActionButton
              key="options"
              label={i18n.t('welcome.nextOptions')}
              announcer={announcer}
              run={openOptions}
            />
          </div>
          {consent.by === 'user' && (
            <div class="withdraw">
              <p class="help">{i18n.t('welcome.withdrawHelp')}</p>
              <ActionButton
                key="withdraw"
                label={i18n.t('welcome.withdraw')}
                busyLabel={i18n.t('welcome.withdrawing')}
                look="danger"
                announcer={announcer}
                run={() => model.withdraw()}
              />
            </div>
          )}
        </>
      )}
    </section>
  );
}

function dateWords(at: number): string {
  return new Intl.DateTimeFormat(languageTag(), { dateStyle: 'long' }).format(new Date(at));
}
