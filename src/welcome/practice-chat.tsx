import { i18n } from '#i18n';
import type { RefObject, VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { placeholderOf } from '../message/placeholder.ts';
import type { MessageId } from '../message/message.ts';
import { handSentences as sentences } from '../page/hands/sentences.ts';
import type { Announcer } from '../ui/announcer.tsx';
import { Sentence } from '../ui/sentence.tsx';
import { countdown, spokenLeft } from '../ui/time.ts';
import { placeholderWords, words, type Words } from '../ui/words.ts';
import { practiceAccount, type Line, type Practice } from './practice.ts';

/** How long the other person's slip can be read before it is recalled, ms. */
const slipFor = 2000;
/** Longest message, characters. */
const longest = 200;

interface Props {
  readonly practice: Practice;
  readonly announcer: Announcer;
}

/** The practice chat: Unsay's words and law, and nothing else of the world. */
export function PracticeChat({ practice, announcer }: Props): VNode {
  useClock(practice);
  useOutcomes(practice, announcer);
  const log = useRef<HTMLUListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEnd(log, practice);
  const isOffline = practice.isOffline.value;
  const isFull = practice.isFull.value;

  const slip = (): void => {
    practice.tick(Date.now());
    const recall = practice.slip();
    if (recall) setTimeout(recall, slipFor);
  };
  return (
    <section class="card practice" aria-labelledby="practice">
      <h2 id="practice">{i18n.t('welcome.practice')}</h2>
      <p class="help">{i18n.t('welcome.practiceHelp')}</p>
      {/* Can be scrolled, so the keyboard must reach it. */}
      <ul class="log" ref={log} aria-label={i18n.t('welcome.practiceLog')} tabIndex={0}>
        {practice.lines.value.map((line) => (
          <LineRow key={line.entry.id} line={line} practice={practice} />
        ))}
      </ul>
      {(isOffline || isFull) && (
        <p class="notice" data-tone={isOffline ? 'warn' : 'quiet'}>
          {i18n.t(isOffline ? 'welcome.practiceOfflineHelp' : 'welcome.practiceFull')}
        </p>
      )}
      <form
        class="composer"
        noValidate
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (!field.current || isOffline || isFull) return;
          practice.tick(Date.now());
          practice.send(field.current.value);
          field.current.value = '';
          field.current.focus();
        }}
      >
        <input
          ref={field}
          name="message"
          maxLength={longest}
          aria-label={i18n.t('welcome.practiceMessage')}
          placeholder={i18n.t('welcome.practiceMessage')}
        />
        <button type="submit" class="button main" aria-disabled={isOffline || isFull}>
          {i18n.t('welcome.practiceSend')}
        </button>
      </form>
      <div class="choices">
        <button type="button" class="button" aria-disabled={isOffline || isFull} onClick={slip}>
          {i18n.t('welcome.practiceSlips')}
        </button>
        <button
          type="button"
          role="switch"
          class="switch"
          aria-checked={isOffline}
          onClick={() => {
            practice.tick(Date.now());
            practice.setOffline(!isOffline);
          }}
        >
          <span class="switch-track" aria-hidden="true">
            <span class="switch-knob" />
          </span>
          {i18n.t('welcome.practiceOffline')}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            practice.start(Date.now());
          }}
        >
          {i18n.t('welcome.practiceAgain')}
        </button>
      </div>
    </section>
  );
}

/**
 * Shows the end of the log when a line comes, and goes on showing it when a line grows, as it does when
 * its time is over. Scrolls nothing but the log.
 */
function useEnd(log: RefObject<HTMLElement | null>, practice: Practice): void {
  const lines = practice.lines.value;
  const count = useRef(0);
  // Read before this render's changes reach the page.
  const wasAtEnd = isAtEnd(log.current);
  useLayoutEffect(() => {
    const isMore = lines.length > count.current;
    count.current = lines.length;
    if (log.current && (isMore || wasAtEnd)) log.current.scrollTop = log.current.scrollHeight;
  }, [lines, practice.now.value]);
}

function isAtEnd(log: HTMLElement | null): boolean {
  // Places of a scrolled element are fractions on some screens.
  return log !== null && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
}

function useClock(practice: Practice): void {
  useEffect(() => {
    const ticker = setInterval(() => {
      practice.tick(Date.now());
    }, 1000);
    return () => {
      clearInterval(ticker);
    };
  }, [practice]);
}

/** What came of a line, said in one sentence; undefined while nothing did. */
function outcomeOf({ entry, progress }: Line): Words | undefined {
  if (entry.recall) {
    return placeholderWords(placeholderOf({ ...entry, recall: entry.recall }, practiceAccount));
  }
  return progress && words(sentences.refusal(progress));
}

/** Announces each line's outcome once. */
function useOutcomes(practice: Practice, announcer: Announcer): void {
  const said = useRef(new Map<MessageId, string>());
  useEffect(() => {
    for (const line of practice.lines.value) {
      const outcome = outcomeOf(line);
      if (!outcome || said.current.get(line.entry.id) === outcome.text) continue;
      said.current.set(line.entry.id, outcome.text);
      announcer.announce(outcome);
    }
  });
}

interface LineProps {
  readonly line: Line;
  readonly practice: Practice;
}

function LineRow({ line, practice }: LineProps): VNode {
  const { entry, progress } = line;
  const row = useRef<HTMLLIElement>(null);
  const hadFocus = row.current?.contains(document.activeElement) ?? false;
  // Whoever pressed Recall by the keyboard stays with what came of it.
  useLayoutEffect(() => {
    if (hadFocus && !row.current?.contains(document.activeElement)) row.current?.focus();
  });
  const outcome = outcomeOf(line);
  if (entry.recall && outcome) {
    return (
      <li ref={row} tabIndex={-1} class="stand-in">
        <Sentence of={outcome} />
      </li>
    );
  }
  const isMine = entry.authorName === '';
  return (
    <li ref={row} tabIndex={-1} class="line" data-mine={isMine}>
      <span class="unseen">{isMine ? i18n.t('welcome.practiceYou') : entry.authorName}</span>
      <p class="bubble" dir="auto">
        {entry.body?.text}
      </p>
      {isMine && <LineControl line={line} practice={practice} />}
      {progress?.state === 'refused' && outcome && (
        <p class="failure">
          <Sentence of={outcome} />
        </p>
      )}
    </li>
  );
}

function LineControl({ line, practice }: LineProps): VNode | null {
  const { entry, progress } = line;
  if (progress?.state === 'refused') return null;
  const verdict = practice.verdict(line);
  if (!verdict.may) return <p class="late">{i18n.t('popup.tooLate')}</p>;
  const left = verdict.until - practice.now.value;
  if (progress?.state === 'waiting')
    return <p class="late">{sentences.waiting(countdown(left))}</p>;
  return (
    <button
      type="button"
      class="button recall"
      aria-label={sentences.recallLabel(spokenLeft(left), undefined)}
      onClick={() => {
        practice.tick(Date.now());
        practice.recall(entry.id);
      }}
    >
      {sentences.recall(countdown(left), verdict.isAtLeast)}
    </button>
  );
}
