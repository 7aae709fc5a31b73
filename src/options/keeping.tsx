import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { ask } from '../contract/channel.ts';
import type { HoldingView } from '../contract/own-views.ts';
import { paragraph, troubleWords, words } from '../ui/words.ts';
import { Check } from './check.tsx';
import { Field } from './field.tsx';
import type { OptionsModel } from './model.ts';

interface Props {
  readonly model: OptionsModel;
}

/** Choices of how long messages are kept, days. */
const choices = [0, 1, 3, 7, 14, 30] as const;

/** What is kept of messages, for how long, and whether the disk can be read later. */
export function Keeping({ model }: Props): VNode | null {
  const id = useId();
  const settings = model.data.value;
  if (!settings) return null;
  const { keptDays, keepsHistory } = settings;
  const most = model.policy.value?.retentionDays;
  const offered = [
    ...new Set<number>([...choices.filter((days) => days <= (most ?? Infinity)), keptDays]),
  ].sort((one, other) => one - other);
  return (
    <section class="card" aria-labelledby="keeping">
      <h2 id="keeping">{i18n.t('options.keeping')}</h2>
      <div class="field">
        <label for={id}>{i18n.t('options.keptDays')}</label>
        <select
          id={id}
          class="short"
          value={String(keptDays)}
          onChange={({ currentTarget }) => {
            void model.keep(() => ask('setKeptDays', Number(currentTarget.value)));
          }}
        >
          {offered.map((days) => (
            <option key={days} value={String(days)}>
              {days === 0 ? i18n.t('options.keptNone') : i18n.t('options.keptFor', days)}
            </option>
          ))}
        </select>
        <p class="help">{i18n.t('options.keptDaysHelp')}</p>
        {most !== undefined && (
          <p class="help">
            {most === 0 ? i18n.t('options.managed') : i18n.t('options.keptMost', most)}
          </p>
        )}
      </div>
      <Check
        label={i18n.t('options.keeps')}
        help={i18n.t('options.keepsHelp')}
        isChecked={keepsHistory}
        onChange={(wanted) => {
          void model.keep(() => ask('setKeepsHistory', wanted));
        }}
      />
      <StoreSearch model={model} />
    </section>
  );
}

/** "Is this text anywhere in what Unsay keeps?" */
function StoreSearch({ model }: Props): VNode {
  const { holding } = model;
  const failure = useSignal<string | undefined>(undefined);
  const isBusy = useSignal(false);
  const look = async (text: string): Promise<void> => {
    if (text === '' || isBusy.peek()) return;
    isBusy.value = true;
    failure.value = undefined;
    holding.value = undefined;
    try {
      holding.value = await ask('searchStore', text);
      model.announcer.announce(words(paragraph(holdingWords(holding.value))));
    } catch {
      // It may be the store that failed: the worker says so.
      await model.refresh();
      const trouble = model.glance.peek()?.trouble;
      failure.value = trouble ? troubleWords(trouble) : i18n.t('failure.noAnswer');
      model.announcer.announce(words(failure.value));
    }
    isBusy.value = false;
  };
  return (
    <form
      class="form"
      noValidate
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = new FormData(event.currentTarget).get('text');
        void look(typeof typed === 'string' ? typed.trim() : '');
      }}
    >
      <Field label={i18n.t('options.look')} help={i18n.t('options.lookHelp')} wrong={failure.value}>
        {(props) => (
          <div class="beside">
            <input {...props} name="text" maxLength={200} spellcheck={false} autoComplete="off" />
            <button type="submit" class="button" aria-disabled={isBusy.value}>
              {i18n.t(isBusy.value ? 'options.looking' : 'options.lookFor')}
            </button>
          </div>
        )}
      </Field>
      {holding.value && (
        <ul class="found">
          {holdingWords(holding.value).map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </form>
  );
}

const places: readonly (readonly [keyof HoldingView, (count: number) => string])[] = [
  ['words', (count) => i18n.t('options.inWords', count)],
  ['names', (count) => i18n.t('options.inNames', count)],
  ['ids', (count) => i18n.t('options.inIds', count)],
  ['disk', (count) => i18n.t('options.inSettings', count)],
  ['session', (count) => i18n.t('options.inSession', count)],
];

/** A sentence for each kind of place. */
function holdingWords(holding: HoldingView): string[] {
  const said = places.flatMap(([place, say]) => (holding[place] > 0 ? say(holding[place]) : []));
  return said.length === 0 ? [i18n.t('options.lookNothing')] : said;
}
