import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { SentView } from '../contract/views.ts';
import { isUnsure } from '../ui/sent.ts';
import { countdown } from '../ui/time.ts';
import type { Host } from './host.ts';

/** From here on the time left is shown as short, ms. */
const short = 20_000;

interface Props {
  /** Milliseconds. */
  readonly left: number;
  readonly of: Pick<SentView, 'time' | 'until' | 'isAtLeast'>;
}

/** Time left as `m:ss` and as a ring that empties. Not read out every second. */
export function TimeLeft({ left, of: { time, until = 0, isAtLeast } }: Props): VNode {
  const whole = until - time * 1000;
  const share = whole > 0 ? Math.min(1, left / whole) : 0;
  return (
    <span class="left" data-short={left <= short} title={i18n.t('popup.timeLeft')}>
      <svg class="ring" viewBox="0 0 16 16" aria-hidden="true">
        <circle class="ring-all" cx="8" cy="8" r="6" />
        <circle
          class="ring-left"
          cx="8"
          cy="8"
          r="6"
          pathLength={1}
          stroke-dasharray={`${share.toFixed(3)} 1`}
          transform="rotate(-90 8 8)"
        />
      </svg>
      <span class="digits">
        {isAtLeast ? i18n.t('popup.atLeast', [countdown(left)]) : countdown(left)}
      </span>
    </span>
  );
}

interface LeftProps {
  readonly of: Pick<SentView, 'account' | 'time' | 'until' | 'askUntil' | 'isAtLeast'>;
  readonly model: Pick<Host, 'left' | 'time' | 'clock'>;
}

/** The time left of a message that is to be chosen; where it is over, how sure that is. */
export function Left({ of, model }: LeftProps): VNode | null {
  const left = model.left(of);
  if (left === undefined) return null;
  if (left > 0) return <TimeLeft left={left} of={of} />;
  const isOpen = isUnsure(of, model.time(of), model.clock.value);
  return <span class="too-late">{i18n.t(isOpen ? 'popup.unsure' : 'popup.tooLate')}</span>;
}
