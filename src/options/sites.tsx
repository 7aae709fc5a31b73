import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { ask } from '../contract/channel.ts';
import { requestAccess } from '../platform/site-access.ts';
import { spoken, words, wordsAbout } from '../ui/words.ts';
import { Check } from './check.tsx';
import { Field } from './field.tsx';
import type { OptionsModel } from './model.ts';
import { originOf } from './site-address.ts';
import { SiteSettings } from './site-settings.tsx';

interface Props {
  readonly model: OptionsModel;
}

/** The sites Unsay is on for, and a field for one more. */
export function Sites({ model }: Props): VNode {
  const sites = model.sites.value;
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <section class="card" aria-labelledby="sites">
      <h2 id="sites" ref={heading} tabIndex={-1}>
        {i18n.t('options.sites')}
      </h2>
      <p class="help">{i18n.t('options.sitesHelp')}</p>
      {sites.length === 0 ? (
        <p>{i18n.t('options.sitesNone')}</p>
      ) : (
        <ul class="sites">
          {sites.map((site) => (
            <SiteRow
              key={site}
              site={site}
              model={model}
              onOff={() => {
                heading.current?.focus();
              }}
            />
          ))}
        </ul>
      )}
      <SiteForm model={model} />
    </section>
  );
}

interface RowProps extends Props {
  readonly site: string;
  /** The row is about to go, and the focus with it. */
  readonly onOff: () => void;
}

function SiteRow({ site, model, onOff }: RowProps): VNode {
  const isAllowed = model.policy.value?.allowedSites?.includes(site) ?? true;
  const turnOff = async (): Promise<void> => {
    try {
      await ask('turnSiteOff', site);
      onOff();
      model.say(spoken(wordsAbout((slot) => i18n.t('options.siteIsOff', [slot]), site)));
    } catch {
      model.fail(i18n.t('failure.noAnswer'));
    }
    await model.refresh();
  };
  return (
    <li>
      <bdi dir="ltr" class="site-name">
        {site}
      </bdi>
      <button
        type="button"
        class="button"
        aria-label={spoken(wordsAbout((slot) => i18n.t('options.siteOffFor', [slot]), site))}
        onClick={() => {
          void turnOff();
        }}
      >
        {i18n.t('options.siteOff')}
      </button>
      {isAllowed && <OwnHere site={site} model={model} />}
      {isAllowed ? (
        <SiteSettings site={site} model={model} />
      ) : (
        <p class="site-settings help">
          {spoken(wordsAbout((slot) => i18n.t('site.forbidden', [slot]), site))}
        </p>
      )}
    </li>
  );
}

/** Where Unsay is signed in by itself: whether a site's pages may have its words. */
function OwnHere({ site, model }: Props & { readonly site: string }): VNode | null {
  const account = model.account.value;
  if (!account) return null;
  return (
    <div class="site-own">
      <Check
        label={spoken(wordsAbout((slot) => i18n.t('options.ownHere', [slot]), site))}
        help={i18n.t('options.ownHereHelp')}
        isChecked={account.sites.includes(site)}
        onChange={(isUsed) => {
          void model.keep(() => ask('setOwnSite', { account: account.id, origin: site, isUsed }));
        }}
      />
    </div>
  );
}

function SiteForm({ model }: Props): VNode {
  const wrong = useSignal<string | undefined>(undefined);
  const fail = (text: string): void => {
    wrong.value = text;
    model.announcer.announce(words(text));
  };
  const finish = async (
    site: string,
    granted: Promise<boolean>,
    form: HTMLFormElement,
  ): Promise<void> => {
    try {
      const isGranted = await granted.catch(() => false);
      if (isGranted && (await ask('turnSiteOn', site))) {
        form.reset();
        model.say(spoken(wordsAbout((slot) => i18n.t('options.siteIsOn', [slot]), site)));
      } else fail(i18n.t('site.denied'));
    } catch {
      fail(i18n.t('failure.noAnswer'));
    }
    await model.refresh();
  };
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const form = event.currentTarget;
        const typed = new FormData(form).get('site');
        const site = originOf(typeof typed === 'string' ? typed : '');
        wrong.value = undefined;
        if (site === undefined) {
          fail(i18n.t('options.siteBad'));
          return;
        }
        const allowed = model.policy.value?.allowedSites;
        if (allowed && !allowed.includes(site)) {
          fail(spoken(wordsAbout((slot) => i18n.t('site.forbidden', [slot]), site)));
          return;
        }
        // Its silence shows when it is asked to turn the site on.
        ask('wantSite', site).catch(() => undefined);
        void finish(site, requestAccess(site), form);
      }}
    >
      <Field label={i18n.t('options.siteAddress')} wrong={wrong.value}>
        {(props) => (
          <div class="beside">
            <input
              {...props}
              dir="ltr"
              name="site"
              inputMode="url"
              autoComplete="off"
              spellcheck={false}
              placeholder="https://chat.example.com"
            />
            <button type="submit" class="button">
              {i18n.t('options.siteOn')}
            </button>
          </div>
        )}
      </Field>
    </form>
  );
}
