import type { VNode } from 'preact';
import type { AccountId } from '../message/message.ts';
import { languageTag } from '../ui/locale.ts';
import { clockTime, isoTime, timeOfDay } from '../ui/time.ts';
import type { PanelModel } from './model.ts';

interface Props {
  /** Server ms. */
  readonly at: number;
  readonly account: AccountId;
  readonly model: PanelModel;
}

/** A moment of a service's time, on this computer's clock. */
export function Moment({ at, account, model }: Props): VNode {
  const time = model.time({ account });
  const clock = time ? clockTime(time, at) : at;
  return (
    <time class="row-time" dateTime={isoTime(clock)}>
      {timeOfDay(clock, model.clock.value, languageTag())}
    </time>
  );
}
