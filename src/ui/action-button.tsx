import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Announcer } from './announcer.tsx';
import { words } from './words.ts';

interface Props {
  readonly label: string;
  /** Shown instead of the label while it runs. */
  readonly busyLabel?: string;
  readonly look?: 'plain' | 'main' | 'danger';
  readonly announcer: Announcer;
  /** What the button does. Rejects when the worker does not answer. */
  readonly run: () => Promise<void>;
}

/** A button whose work takes a moment: busy meanwhile, and when it fails it says so below. */
export function ActionButton({ label, busyLabel, look = 'plain', announcer, run }: Props): VNode {
  const stage = useSignal<'idle' | 'busy' | 'failed'>('idle');
  const isBusy = stage.value === 'busy';
  const click = async (): Promise<void> => {
    if (stage.peek() === 'busy') return;
    stage.value = 'busy';
    try {
      await run();
      stage.value = 'idle';
    } catch {
      stage.value = 'failed';
      announcer.announce(words(i18n.t('failure.noAnswer')));
    }
  };
  return (
    <>
      <button
        type="button"
        class={`button ${look}`}
        aria-disabled={isBusy}
        onClick={() => {
          void click();
        }}
      >
        {isBusy ? (busyLabel ?? label) : label}
      </button>
      {stage.value === 'failed' && <p class="failure">{i18n.t('failure.noAnswer')}</p>}
    </>
  );
}
