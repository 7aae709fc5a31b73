import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Announcer } from '../ui/announcer.tsx';
import { words } from '../ui/words.ts';
import type { Reading, Stage } from './reading.ts';

const day = 86_400;
/** How far from what is seen the end of the lines is when older ones begin to be read. */
const ahead = '200px';

interface Props {
  readonly reading: Reading;
  readonly announcer: Announcer;
}

/**
 * Where the lines end: older ones come as soon as somebody scrolls there or presses the button, from
 * what is kept and then from the service, until all is there that is to be kept.
 */
export function Beginning({ reading, announcer }: Props): VNode {
  const end = useRef<HTMLDivElement>(null);
  const sentence = useRef<HTMLParagraphElement>(null);
  const stage = reading.stage.value;
  const isWhole = reading.isWhole.value;
  const count = reading.lines.value?.length ?? 0;
  const goOn = async (): Promise<void> => {
    const came = await reading.older();
    const failure = failureWords(reading.stage.peek());
    if (failure !== undefined) announcer.announce(words(failure));
    else if (came !== undefined) announcer.announce(words(i18n.t('panel.olderRead', came)));
    else if (reading.isWhole.peek()) announcer.announce(words(beginsWords(reading)));
  };

  useEffect(() => {
    if (reading.isUnread.value) void goOn();
  }, [reading.isUnread.value]);

  // Looked at anew whenever lines came: the end may still be in sight. Where none came, or it failed,
  // somebody has to press.
  const wentOnAt = useRef(-1);
  const isIdle = stage === 'idle';
  useEffect(() => {
    const target = end.current;
    if (!target || isWhole || !isIdle || wentOnAt.current === count) return;
    const observer = new IntersectionObserver(
      (seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
        observer.disconnect();
        wentOnAt.current = count;
        void goOn();
      },
      { rootMargin: ahead },
    );
    observer.observe(target);
    return () => {
      observer.disconnect();
    };
  }, [count, isWhole, isIdle]);

  const isPressed = useRef(false);
  useEffect(() => {
    // The button is gone, and the focus with it.
    if (isWhole && isPressed.current) sentence.current?.focus();
  }, [isWhole]);
  const failure = failureWords(stage);
  return (
    <div class="beginning" ref={end}>
      {failure !== undefined && <p class="failure">{failure}</p>}
      {isWhole ? (
        <p class="begins" tabIndex={-1} ref={sentence}>
          {beginsWords(reading)}
        </p>
      ) : (
        <button
          type="button"
          class="button"
          aria-disabled={stage === 'reading'}
          onClick={() => {
            isPressed.current = true;
            void goOn().finally(() => {
              isPressed.current = reading.isWhole.peek();
            });
          }}
        >
          {buttonWords(stage)}
        </button>
      )}
    </div>
  );
}

function buttonWords(stage: Stage): string {
  if (stage === 'idle') return i18n.t('panel.older');
  return i18n.t(stage === 'reading' ? 'panel.readingOlder' : 'failure.tryAgain');
}

/** Why older messages could not be read; undefined where they could. */
function failureWords(stage: Stage): string | undefined {
  switch (stage) {
    case 'idle':
    case 'reading':
      return undefined;
    case 'no-answer':
      return i18n.t('failure.noAnswer');
    case 'offline':
      return i18n.t('panel.olderOffline');
    case 'failed':
      return i18n.t('panel.olderFailed');
    case 'full':
      return i18n.t('panel.olderFull');
  }
}

function beginsWords(reading: Reading): string {
  const days = Math.floor(reading.keptFor.peek() / day);
  return days === 0 ? i18n.t('panel.beginsShort') : i18n.t('panel.begins', days);
}
