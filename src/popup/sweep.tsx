import { i18n } from '#i18n';
import type { RefObject, VNode } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { MessageRef } from '../message/message.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { useKeptFocus } from '../ui/kept-focus.ts';
import { Sentence } from '../ui/sentence.tsx';
import { placeholderWords, words } from '../ui/words.ts';
import { conversationName, isUnderWay, underWayWords } from '../ui/sent.ts';
import { Excerpt } from './excerpt.tsx';
import { useHands } from './hands.ts';
import type { Host } from './host.ts';
import { Place } from './place.tsx';
import { progressWords } from './progress.ts';
import { SweepModel } from './sweep-model.ts';
import { keyOf, type SweepRow } from './sweep-rows.ts';
import { Left } from './time-left.tsx';
import './sweep.css';

interface Props {
  readonly model: Host;
}

interface SweepWish extends Props {
  /** Just these messages, instead of what was sent in the last seconds. */
  readonly refs?: readonly MessageRef[];
}

/**
 * What I sent in the last seconds over all conversations, one message and its copies, or what was
 * chosen: looked at first, then recalled.
 */
export function Sweep({ model, refs }: SweepWish): VNode {
  const life = useMemo(() => new AbortController(), []);
  const sweep = useMemo(() => new SweepModel(model, life.signal, refs), []);
  const heading = useRef<HTMLHeadingElement>(null);
  const isReady = model.glance.value !== undefined;
  useEffect(() => {
    heading.current?.focus();
    return () => {
      life.abort();
    };
  }, []);
  useEffect(() => {
    if (isReady) void sweep.begin();
  }, [isReady]);
  useEffect(() => {
    void sweep.lookAgain();
  }, [model.glance.value]);
  const view = sweep.view.value;
  useEffect(() => {
    if (view?.isOver) model.announcer.announce(words(outcomeWords(sweep)));
  }, [view?.isOver]);
  useEffect(() => {
    if (sweep.isUnanswered.value) model.announcer.announce(words(i18n.t('failure.noAnswer')));
  }, [sweep.isUnanswered.value]);
  return (
    <section class="sweep" aria-labelledby="sweep">
      <h2 id="sweep" ref={heading} tabIndex={-1}>
        {i18n.t(titles[sweep.subject])}
      </h2>
      {sweep.subject === 'time' && !sweep.isStarted.value && sweep.reaches.value.length > 0 && (
        <Reaches sweep={sweep} />
      )}
      <Unanswered sweep={sweep} heading={heading} />
      <Items sweep={sweep} model={model} />
      <Buttons sweep={sweep} model={model} heading={heading} />
    </section>
  );
}

interface SweepProps extends Props {
  readonly sweep: SweepModel;
}

/** Says so while the worker does not answer. It is asked again by itself; who will not wait can ask. */
function Unanswered({
  sweep,
  heading,
}: Pick<SweepProps, 'sweep'> & {
  readonly heading: RefObject<HTMLElement | null>;
}): VNode | null {
  const room = useRef<HTMLParagraphElement>(null);
  useKeptFocus(room, heading);
  if (!sweep.isUnanswered.value) return null;
  return (
    <p class="failure" ref={room}>
      {i18n.t('failure.noAnswer')}{' '}
      <button
        type="button"
        class="link"
        onClick={() => {
          void sweep.tryAgain();
        }}
      >
        {i18n.t('failure.tryAgain')}
      </button>
    </p>
  );
}

function Reaches({ sweep }: { readonly sweep: SweepModel }): VNode {
  const name = useId();
  return (
    <fieldset class="reaches">
      <legend class="unseen">{i18n.t('sweep.reach')}</legend>
      {sweep.reaches.value.map((reach) => (
        <label key={reach}>
          <input
            type="radio"
            name={name}
            checked={sweep.reach.value === reach}
            onChange={() => {
              void sweep.look(reach);
            }}
          />
          <span>{i18n.t('sweep.seconds', reach)}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Items({ sweep, model }: SweepProps): VNode {
  const items = sweep.items.value;
  if (sweep.reaches.value.length === 0) return <p class="empty">{i18n.t('sweep.off')}</p>;
  if (!items) return <p class="empty">{i18n.t('popup.nothingLoaded')}</p>;
  if (items.length === 0) {
    return <p class="empty">{i18n.t(nones[sweep.subject])}</p>;
  }
  return (
    <ul class="list">
      {items.map((item) => (
        <Item key={keyOf(item)} item={item} sweep={sweep} model={model} />
      ))}
    </ul>
  );
}

function Item({ item, sweep, model }: SweepProps & { readonly item: SweepRow }): VNode {
  const id = useId();
  const row = useRef<HTMLLIElement>(null);
  // Read before this render's changes reach the page: a box that cannot be ticked any more loses it.
  const hadFocus = row.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    const hasFocus = row.current?.querySelector(':focus:enabled') ?? undefined;
    if (hadFocus && !hasFocus) row.current?.focus();
  });
  const isGone = sweep.isGone(item);
  const progress = sweep.progress(item);
  const isRefused = progress?.state === 'refused';
  const isListed = !sweep.isStarted.value;
  const isOpen = isListed && sweep.isOffered(item);
  const isOver = isListed && !isOpen && !isUnderWay(progress);
  return (
    <li class="row" ref={row} tabIndex={-1} data-over={isGone || isOver}>
      {isListed && (
        <input
          type="checkbox"
          id={id}
          checked={sweep.isChosen(item)}
          disabled={!isOpen}
          onChange={({ currentTarget }) => {
            sweep.choose(item.id, currentTarget.checked);
          }}
        />
      )}
      {item.isAway ? (
        <Away item={item} model={model} />
      ) : (
        <label class="row-text" for={id}>
          <span class="row-head">
            <bdi class="row-name">{conversationName(item)}</bdi>
            {!isGone && (isOpen || !isRefused) && <Left of={item} model={model} />}
          </span>
          {!isGone && <Excerpt sent={item} />}
          <Outcome item={item} sweep={sweep} model={model} />
          <Place sent={item} model={model} />
        </label>
      )}
    </li>
  );
}

/** The place of a message of which nothing is kept; with whom it was is told to its account only. */
function Away({ item, model }: Props & { readonly item: SweepRow }): VNode {
  const isThere = model.glance.value?.accounts.some(({ id }) => id === item.account) ?? false;
  return (
    <div class="row-text">
      {isThere && (
        <p class="row-head">
          <bdi class="row-name">{conversationName(item)}</bdi>
        </p>
      )}
      <p class="placeholder">{i18n.t('popup.notListed')}</p>
    </div>
  );
}

function Outcome({ item, sweep, model }: SweepProps & { readonly item: SweepRow }): VNode | null {
  const progress = sweep.progress(item);
  if (item.placeholder) {
    return (
      <span class="placeholder">
        <Sentence of={placeholderWords(item.placeholder)} />
      </span>
    );
  }
  if (!progress && !sweep.isStarted.value) return null;
  switch (progress?.state) {
    case undefined:
    case 'asking':
    case 'unanswered':
      return <span class="progress">{underWayWords(progress)}</span>;
    case 'accepted':
      return <span class="placeholder">{i18n.t('placeholder.you')}</span>;
    case 'waiting':
    case 'refused':
      return (
        <span class={progress.state === 'refused' ? 'failure' : 'progress'}>
          {progressWords(progress, item, model)}
        </span>
      );
  }
}

function Buttons({
  sweep,
  model,
  heading,
}: SweepProps & { readonly heading: RefObject<HTMLHeadingElement | null> }): VNode {
  const { isStarted, chosen, view } = sweep;
  const room = useRef<HTMLDivElement>(null);
  useKeptFocus(room, heading);
  // They stand below the list.
  const hands = useHands((isThere) => {
    sweep.hold(isThere);
  });
  const count = chosen.value.length;
  const hasItems = sweep.reaches.value.length > 0 && (sweep.items.value?.length ?? 0) > 0;
  const isOver = view.value?.isOver ?? false;
  return (
    <div class="sweep-buttons" ref={room} {...hands}>
      {!isStarted.value && hasItems && (
        <button
          type="button"
          class="button main"
          aria-disabled={count === 0}
          onClick={() => {
            void sweep.start();
          }}
        >
          {count === 0 ? i18n.t('sweep.nothingChosen') : i18n.t('sweep.recall', count)}
        </button>
      )}
      {isStarted.value && !isOver && (
        <ActionButton
          label={i18n.t('sweep.stop')}
          announcer={model.announcer}
          run={() => sweep.stop()}
        />
      )}
      {isOver && <p class="sweep-outcome">{outcomeWords(sweep)}</p>}
      <button
        type="button"
        class="button"
        onClick={() => {
          model.leaveSweep();
        }}
      >
        {i18n.t('sweep.back')}
      </button>
    </div>
  );
}

function outcomeWords(sweep: SweepModel): string {
  const all = sweep.view.peek()?.items ?? [];
  const done = all.filter(({ progress }) => progress?.state === 'accepted').length;
  return i18n.t('sweep.outcome', all.length, [done, all.length]);
}

const titles = {
  chosen: 'sweep.titleChosen',
  twins: 'sweep.twins',
  time: 'sweep.title',
} as const;

const nones = {
  chosen: 'sweep.noneChosen',
  twins: 'sweep.twinsNone',
  time: 'sweep.none',
} as const;
