import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { LineView } from '../contract/own-views.ts';
import { Place } from '../popup/place.tsx';
import { progressWords } from '../popup/progress.ts';
import { ReEdit } from '../popup/re-edit.tsx';
import { Left } from '../popup/time-left.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { plainLines, plainText } from '../ui/plain.ts';
import { conversationName, isRecalled, underWayWords } from '../ui/sent.ts';
import { Sentence } from '../ui/sentence.tsx';
import { kindWords, placeholderWords, wordsAbout } from '../ui/words.ts';
import { Beginning } from './beginning.tsx';
import type { PanelModel } from './model.ts';
import { Moment } from './moment.tsx';
import type { Reading } from './reading.ts';

interface Props {
  readonly reading: Reading;
  readonly model: PanelModel;
}

/** What is kept of a conversation, newest first; what is mine can be chosen and recalled together. */
export function Conversation({ reading, model }: Props): VNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  return (
    <section class="conversation" aria-labelledby="conversation">
      <div class="conversation-head">
        <button
          type="button"
          class="button"
          onClick={() => {
            model.close();
          }}
        >
          {i18n.t('sweep.back')}
        </button>
        <div class="conversation-name">
          <h2 id="conversation" ref={heading} tabIndex={-1}>
            <bdi>{conversationName(reading.of)}</bdi>
          </h2>
          <Place sent={reading.of} model={model} />
        </div>
      </div>
      {reading.isInMiddle.value && (
        <ActionButton
          label={i18n.t('panel.newest')}
          announcer={model.announcer}
          run={() => reading.newest()}
        />
      )}
      <Lines reading={reading} model={model} />
      <Chosen model={model} />
    </section>
  );
}

function Lines({ reading, model }: Props): VNode {
  const lines = reading.lines.value;
  if (!lines) return <p class="empty">{i18n.t('popup.nothingLoaded')}</p>;
  if (lines.length === 0 && reading.isWhole.value) {
    return <p class="empty">{i18n.t('panel.noLines')}</p>;
  }
  return (
    <>
      {lines.length > 0 && (
        <ul class="list">
          {lines.map((line) => (
            <Line key={line.id} line={line} reading={reading} model={model} />
          ))}
        </ul>
      )}
      <Beginning reading={reading} announcer={model.announcer} />
    </>
  );
}

interface LineProps extends Props {
  readonly line: LineView;
}

function Line({ line, reading, model }: LineProps): VNode {
  const id = useId();
  const mayChoose = model.mayChoose(line);
  return (
    <li class="row line" data-id={line.id} data-over={isRecalled(line, line.progress)}>
      {mayChoose && (
        <input
          type="checkbox"
          id={id}
          checked={reading.isChosen(line.id)}
          onChange={({ currentTarget }) => {
            reading.choose(line.id, currentTarget.checked);
          }}
        />
      )}
      <label class="row-text" {...(mayChoose && { for: id })}>
        <span class="row-head">
          <bdi class="row-name">
            {line.isMine ? i18n.t('panel.you') : plainText(line.author, 40)}
          </bdi>
          {mayChoose && <Left of={line} model={model} />}
          <Moment at={line.time * 1000} account={line.account} model={model} />
        </span>
        <Words line={line} />
        <Standing line={line} model={model} />
      </label>
      <ReEdit sent={line} model={model} />
    </li>
  );
}

function Words({ line }: { readonly line: LineView }): VNode {
  const { kind, placeholder, progress } = line;
  const reason = plainText(line.reason ?? '', 200);
  if (isRecalled(line, progress)) {
    return (
      <>
        <span class="placeholder">
          <Sentence of={placeholderWords(placeholder ?? { key: 'you', who: '', whose: '' })} />
        </span>
        {reason !== '' && (
          <span class="reason">
            <Sentence of={wordsAbout((slot) => i18n.t('popup.reason', [slot]), reason)} />
          </span>
        )}
      </>
    );
  }
  const text = plainLines(line.text);
  return (
    <>
      {(kind !== 'text' || text === '') && <span class="kind">{kindWords(kind)}</span>}
      {text !== '' && (
        <span class="line-words" dir="auto">
          {text}
        </span>
      )}
    </>
  );
}

/** Where its recall stands, if one was asked for and has not gone well. */
function Standing({ line, model }: Pick<LineProps, 'line' | 'model'>): VNode | null {
  const { progress } = line;
  switch (progress?.state) {
    case undefined:
    case 'accepted':
      return null;
    case 'asking':
      return <span class="progress">{underWayWords(progress)}</span>;
    case 'waiting':
    case 'refused':
      return (
        <span class={progress.state === 'refused' ? 'failure' : 'progress'}>
          {progressWords(progress, line, model)}
        </span>
      );
  }
}

/** Recalls what is chosen; it is shown once more before. */
function Chosen({ model }: Pick<Props, 'model'>): VNode | null {
  const count = model.chosen.value.length;
  if (count === 0) return null;
  return (
    <div class="chosen">
      <button
        type="button"
        class="button main"
        onClick={() => {
          model.sweepChosen();
        }}
      >
        {i18n.t('panel.recallChosen', count)}
      </button>
    </div>
  );
}
