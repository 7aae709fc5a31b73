import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { rules, type Rule } from '../message/guard/rules.ts';
import {
  placeholderStyles,
  type MannersChange,
  type PlaceholderStyle,
} from '../message/manners.ts';
import { Check } from './check.tsx';
import type { OptionsModel } from './model.ts';

interface Props {
  readonly model: OptionsModel;
}

const ruleNames: Readonly<Record<Rule, () => string>> = {
  switched: () => i18n.t('options.ruleSwitched'),
  'begun-elsewhere': () => i18n.t('options.ruleBegun'),
  name: () => i18n.t('options.ruleName'),
  secret: () => i18n.t('options.ruleSecret'),
  twin: () => i18n.t('options.ruleTwin'),
};

const styleNames: Readonly<Record<PlaceholderStyle, () => string>> = {
  show: () => i18n.t('options.styleShow'),
  compact: () => i18n.t('options.styleCompact'),
  hide: () => i18n.t('options.styleHide'),
};

/** How Unsay behaves in chat pages. */
export function InPages({ model }: Props): VNode {
  const manners = model.manners.value;
  const change = (chosen: MannersChange): void => {
    void model.setManners(chosen);
  };
  return (
    <section class="card" aria-labelledby="pages">
      <h2 id="pages">{i18n.t('options.pages')}</h2>
      <Check
        label={i18n.t('options.bar')}
        help={i18n.t('options.barHelp')}
        isChecked={manners.hasBar}
        onChange={(hasBar) => {
          change({ hasBar });
        }}
      />
      <Check
        label={i18n.t('options.discreet')}
        help={i18n.t('options.discreetHelp')}
        isChecked={manners.isDiscreet}
        isManaged={model.policy.value?.isDiscreet ?? false}
        onChange={(isDiscreet) => {
          change({ isDiscreet });
        }}
      />
      {/* What was chosen stays, for when there is a bar again to show it. */}
      <fieldset disabled={!manners.hasBar}>
        <legend>{i18n.t('options.guard')}</legend>
        <p class="help">{i18n.t(manners.hasBar ? 'options.guardHelp' : 'options.guardOff')}</p>
        {rules.map((rule) => (
          <Check
            key={rule}
            label={ruleNames[rule]()}
            isChecked={!manners.rulesOff.includes(rule)}
            onChange={(isOn) => {
              change({ rule: { name: rule, isOn } });
            }}
          />
        ))}
      </fieldset>
      <Styles model={model} />
    </section>
  );
}

/** How recalled messages look, site by site. */
function Styles({ model }: Props): VNode | null {
  const manners = model.manners.value;
  const sites = model.sites.value;
  if (sites.length === 0) return null;
  return (
    <fieldset>
      <legend>{i18n.t('options.style')}</legend>
      <ul class="sites">
        {sites.map((site) => (
          <StyleOf
            key={site}
            site={site}
            style={manners.placeholders.find(({ origin }) => origin === site)?.style ?? 'show'}
            onChange={(style) => {
              void model.setManners({ placeholder: { origin: site, style } });
            }}
          />
        ))}
      </ul>
    </fieldset>
  );
}

interface StyleProps {
  readonly site: string;
  readonly style: PlaceholderStyle;
  readonly onChange: (style: PlaceholderStyle) => void;
}

function StyleOf({ site, style, onChange }: StyleProps): VNode {
  const id = useId();
  return (
    <li>
      <label for={id} class="site-name">
        <bdi dir="ltr">{site}</bdi>
      </label>
      <select
        id={id}
        value={style}
        onChange={({ currentTarget }) => {
          const chosen = placeholderStyles.find((one) => one === currentTarget.value);
          if (chosen) onChange(chosen);
        }}
      >
        {placeholderStyles.map((one) => (
          <option key={one} value={one}>
            {styleNames[one]()}
          </option>
        ))}
      </select>
    </li>
  );
}
