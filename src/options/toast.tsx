import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { OptionsModel, Outcome } from './model.ts';

/**
 * How long an outcome is shown at least, and for each character that is to be read, ms: together
 * enough for fifty Chinese characters at five a second.
 */
const shownFor = 5000;
const perCharacter = 100;

interface Props {
  readonly outcome: Outcome;
  readonly model: OptionsModel;
}

/**
 * How the last thing the user did went. It goes by itself: what it says can be seen elsewhere, too. It
 * stays while the pointer is on it, and a failure, which may be seen nowhere else, until it is dismissed.
 * Read out it is by the status region alone.
 */
export function Toast({ outcome, model }: Props): VNode {
  const { text, isFailure } = outcome;
  const isPointedAt = useSignal(false);
  const stays = isFailure || isPointedAt.value;
  useEffect(() => {
    if (stays) return undefined;
    const timer = setTimeout(
      () => {
        model.dismiss();
      },
      shownFor + perCharacter * text.length,
    );
    return () => {
      clearTimeout(timer);
    };
  }, [outcome, stays]);
  return (
    <div
      class="toast"
      onPointerEnter={() => {
        isPointedAt.value = true;
      }}
      onPointerLeave={() => {
        isPointedAt.value = false;
      }}
    >
      <p>{text}</p>
      {isFailure && (
        <button
          type="button"
          class="link"
          onClick={() => {
            model.dismiss();
          }}
        >
          {i18n.t('page.dismiss')}
        </button>
      )}
    </div>
  );
}
