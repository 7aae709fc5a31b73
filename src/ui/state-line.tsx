import type { VNode } from 'preact';
import type { StateView } from '../contract/views.ts';
import { Sentence } from './sentence.tsx';
import { stateWords } from './words.ts';

type Shape = 'tick' | 'dots' | 'dash' | 'cross' | 'swap';

const shapes: Readonly<Record<StateView['name'], { shape: Shape; tone: string }>> = {
  connected: { shape: 'tick', tone: 'good' },
  connecting: { shape: 'dots', tone: 'quiet' },
  reconnecting: { shape: 'dots', tone: 'warn' },
  'page-closed': { shape: 'dash', tone: 'quiet' },
  'signed-out': { shape: 'dash', tone: 'quiet' },
  'signed-in-elsewhere': { shape: 'swap', tone: 'warn' },
  'signature-expired': { shape: 'cross', tone: 'bad' },
  refused: { shape: 'cross', tone: 'bad' },
};

const paths: Readonly<Record<Shape, string>> = {
  tick: 'M5 8.2 7.2 10.4 11 6',
  dots: 'M4.6 8h.01M8 8h.01M11.4 8h.01',
  dash: 'M5 8h6',
  cross: 'M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8',
  swap: 'M4.5 6.4h6.2M9 4.6l1.9 1.8M11.5 9.6H5.3M7 11.4 5.1 9.6',
};

/** The connection's state in words, with a sign whose shape and colour say the same. */
export function StateLine({
  state,
  user,
  words,
}: {
  readonly state: StateView;
  readonly user: string;
  /** Said instead of the state's own words. */
  readonly words?: string;
}): VNode {
  const { shape, tone } = shapes[state.name];
  return (
    <p class="state" data-state={state.name} data-tone={tone}>
      <svg class="state-sign" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="8" />
        <path d={paths[shape]} />
      </svg>
      <span class="state-words">{words ?? <Sentence of={stateWords(state, user)} />}</span>
    </p>
  );
}
