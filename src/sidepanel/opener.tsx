import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { HitView } from '../contract/own-views.ts';
import { openerOf, type PanelModel } from './model.ts';
import type { ConversationName } from './reading.ts';

interface Props {
  readonly of: ConversationName;
  /** The message in it that was found. */
  readonly hit?: HitView;
  readonly model: PanelModel;
  readonly children: ComponentChildren;
}

/** A row that opens a conversation, and has the focus again when that is closed. */
export function Opener({ of, hit, model, children }: Props): VNode {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (model.lastOpened !== openerOf(of, hit)) return;
    model.lastOpened = undefined;
    button.current?.focus();
  }, []);
  return (
    <button
      type="button"
      ref={button}
      class="row opener"
      onClick={() => {
        model.open(of, hit);
      }}
    >
      {children}
    </button>
  );
}
