import { i18n } from '#i18n';
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { ask } from '../contract/sweep-ask.ts';
import type { ReceiptView, SentView } from '../contract/views.ts';
import { languageTag } from '../ui/locale.ts';
import { receiptWords } from '../ui/receipt.ts';
import { clockTime, timeOfDay } from '../ui/time.ts';
import type { PopupModel } from './model.ts';

interface Props {
  readonly sent: SentView;
  readonly model: PopupModel;
}

type Answer =
  | { readonly name: 'asked' | 'unanswered' }
  | { readonly name: 'told'; readonly receipt: ReceiptView | 'off' | undefined };

/** What was seen of the recall of a message of mine; asked again whenever the glance is new. */
export function Receipt({ sent, model }: Props): VNode {
  const answer = useSignal<Answer>({ name: 'asked' });
  const room = useRef<HTMLDivElement>(null);
  const isTold = answer.value.name !== 'asked';
  useLayoutEffect(() => {
    // Else what opens at the end of the list lies behind the site below. Not for what is seen later.
    room.current?.closest('.row')?.scrollIntoView({ block: 'nearest' });
  }, [isTold]);
  const { account, conversation, id } = sent;
  const glance = model.glance.value;
  useEffect(() => {
    let isCurrent = true;
    ask('receiptOf', { account, conversation, id }).then(
      (receipt) => {
        if (isCurrent) answer.value = { name: 'told', receipt };
      },
      () => {
        if (isCurrent) answer.value = { name: 'unanswered' };
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [account, conversation, id, glance]);
  const timeOf = (server: number): string => {
    const time = model.time(sent);
    return timeOfDay(time ? clockTime(time, server) : server, model.clock.value, languageTag());
  };
  return (
    <div ref={room}>
      <Told answer={answer.value} timeOf={timeOf} />
    </div>
  );
}

function Told({
  answer,
  timeOf,
}: {
  readonly answer: Answer;
  readonly timeOf: (server: number) => string;
}): VNode {
  switch (answer.name) {
    case 'asked':
      return <p>{i18n.t('receipt.asking')}</p>;
    case 'unanswered':
      return <p class="failure">{i18n.t('failure.noAnswer')}</p>;
    case 'told': {
      const { receipt } = answer;
      if (!receipt) return <p>{i18n.t('receipt.none')}</p>;
      if (receipt === 'off') return <p>{i18n.t('recallLog.off')}</p>;
      return (
        <>
          {receiptWords(receipt, timeOf).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </>
      );
    }
  }
}
