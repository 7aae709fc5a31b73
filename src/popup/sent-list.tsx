import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { SentView } from '../contract/views.ts';
import {
  conversationName,
  isRecalled,
  isUnderWay,
  underWayWords,
  type Progress,
} from '../ui/sent.ts';
import { Sentence } from '../ui/sentence.tsx';
import { isFinal, words } from '../ui/words.ts';
import { Excerpt } from './excerpt.tsx';
import { useHands } from './hands.ts';
import type { PopupModel } from './model.ts';
import type { Row } from './order.ts';
import { Place } from './place.tsx';
import { progressWords } from './progress.ts';
import { RecalledLine } from './recalled-line.tsx';
import { ReEdit } from './re-edit.tsx';
import { TimeLeft } from './time-left.tsx';

/** My recent messages over all conversations, each with its own Recall button. */
export function SentList({ model }: { readonly model: PopupModel }): VNode {
  const hands = useHands((isThere) => {
    model.hold('list', isThere);
  });
  const rows = model.rows.value;
  if (rows.length === 0) {
    const key = model.glance.value ? 'popup.yoursNone' : 'popup.nothingLoaded';
    return <p class="empty">{i18n.t(key)}</p>;
  }
  return (
    <ul class="list" {...hands}>
      {rows.map((row) => (
        <SentRow key={row.sent.id} row={row} model={model} />
      ))}
    </ul>
  );
}

interface RowProps {
  readonly row: Row;
  readonly model: PopupModel;
}

function SentRow({ row: { sent, isGone }, model }: RowProps): VNode {
  const textId = useId();
  const item = useRef<HTMLLIElement>(null);
  // Read before this render's changes reach the page: the button may go away under the focus.
  const hadFocus = item.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (hadFocus && !item.current?.contains(document.activeElement)) item.current?.focus();
  });

  const progress = model.progress(sent);
  const left = model.left(sent);
  const isOver = left === 0;
  const isDone = isGone || isRecalled(sent, progress);
  const isAsked = isUnderWay(progress);
  const hasButton = !isDone && (isAsked || model.isRecallable(sent));
  const isLate = progress?.state === 'refused' && progress.why === 'too-late';
  const isTried = progress?.state === 'refused' || progress?.state === 'unanswered';

  return (
    <li class="row" ref={item} tabIndex={-1} data-id={sent.id} data-over={isDone || !hasButton}>
      <div class="row-text" id={textId}>
        <p class="row-head">
          <bdi class="row-name">{conversationName(sent)}</bdi>
          {hasButton && left !== undefined && !isOver && <TimeLeft left={left} of={sent} />}
          {!isDone && isOver && !isAsked && !isLate && (
            <span class="too-late">
              {i18n.t(model.isUnsure(sent) ? 'popup.unsure' : 'popup.tooLate')}
            </span>
          )}
        </p>
        <RowBody sent={sent} isGone={isGone} progress={progress} model={model} />
        {!isGone && <Place sent={sent} model={model} />}
      </div>
      <ReEdit sent={sent} model={model} />
      {hasButton && (
        <button
          type="button"
          class="button recall"
          aria-disabled={isAsked}
          aria-describedby={textId}
          onClick={(event) => {
            // The second click of a double click was meant for nothing new.
            if (event.detail > 1) return;
            void model.recall(sent);
          }}
        >
          {i18n.t(isTried ? 'popup.recallAgain' : 'popup.recall')}
        </button>
      )}
    </li>
  );
}

interface BodyProps {
  readonly sent: SentView;
  readonly isGone: boolean;
  readonly progress: Progress | undefined;
  readonly model: PopupModel;
}

function RowBody({ sent, isGone, progress, model }: BodyProps): VNode {
  if (isRecalled(sent, progress)) {
    return <RecalledLine sent={sent} model={model} />;
  }
  if (isGone) return <p class="placeholder">{i18n.t('popup.notListed')}</p>;
  return (
    <>
      <div class="row-words">
        <Excerpt sent={sent} />
        {model.isRecallable(sent) && model.chats(sent) > 1 && (
          <button
            type="button"
            class="link"
            aria-label={i18n.t('popup.inChats', [model.chats(sent)])}
            onClick={() => {
              model.sweep(sent);
            }}
          >
            {/* Short: the words it is beside say what it is of. */}
            {i18n.t('popup.chats', [model.chats(sent)])}
          </button>
        )}
      </div>
      <ProgressLine sent={sent} progress={progress} model={model} />
    </>
  );
}

function ProgressLine({
  sent,
  progress,
  model,
}: {
  readonly sent: SentView;
  readonly progress: Progress | undefined;
  readonly model: PopupModel;
}): VNode | null {
  switch (progress?.state) {
    case undefined:
    case 'accepted':
      return null;
    case 'asking':
      return <p class="progress">{underWayWords(progress)}</p>;
    case 'unanswered':
      return <p class="failure">{i18n.t('popup.unanswered')}</p>;
    case 'waiting':
    case 'refused': {
      const isEnd = progress.state === 'refused';
      return (
        <p
          class={isEnd ? 'failure' : 'progress'}
          data-final={isEnd && isFinal(progress.why ?? 'unknown')}
        >
          <Sentence of={words(progressWords(progress, sent, model))} />
        </p>
      );
    }
  }
}
