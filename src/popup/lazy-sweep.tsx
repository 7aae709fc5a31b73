import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { FunctionComponent, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PopupModel } from './model.ts';

type View = FunctionComponent<{ readonly model: PopupModel }>;

/** The sweep, loaded when it is wanted: whoever opens the popup need not wait for it. */
export function LazySweep({ model }: { readonly model: PopupModel }): VNode {
  const view = useSignal<{ readonly Sweep: View } | undefined>(undefined);
  useEffect(() => {
    void import('./sweep.tsx').then((module) => {
      view.value = module;
    });
  }, []);
  const Sweep = view.value?.Sweep;
  return Sweep ? <Sweep model={model} /> : <p class="empty">{i18n.t('popup.nothingLoaded')}</p>;
}
