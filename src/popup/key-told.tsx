import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { KeyMiss, KeyView } from '../contract/views.ts';
import { keyMissWords, keyWords } from '../ui/key-words.ts';
import { isRecalled, isUnderWay } from '../ui/sent.ts';
import { Sentence } from '../ui/sentence.tsx';
import type { Words } from '../ui/words.ts';
import type { PopupModel } from './model.ts';
import { isPageMissing } from './progress.ts';
import { ReEdit } from './re-edit.tsx';

interface Props {
  readonly model: PopupModel;
}

/** What the key for my last message did just before the popup was opened, or while it is open. */
export function KeyTold({ model }: Props): VNode | null {
  const key = model.key.value;
  const told = key && toldOf(key, model);
  const isFirst = useRef(true);
  useEffect(() => {
    // Later on the message's own row is announced.
    if (told && (isFirst.current || key.why)) model.announcer.announce(told.words);
    isFirst.current = false;
  }, [key?.at]);
  // Whoever chooses several looks at those.
  if (!told || model.isSweeping.value) return null;
  return (
    <div class="notice key-told" data-tone={told.tone}>
      <p>
        <Sentence of={told.words} />
      </p>
      {told.sent && (
        <ReEdit key={`${told.sent.account} ${told.sent.id}`} sent={told.sent} model={model} />
      )}
    </div>
  );
}

interface Told {
  readonly words: Words;
  readonly tone: 'good' | 'warn' | 'bad' | 'plain';
  readonly sent?: Parameters<typeof ReEdit>[0]['sent'];
}

function toneOf(why: KeyMiss): Told['tone'] {
  if (why === 'none' || why === 'noMessage') return 'plain';
  return why === 'sending' ? 'warn' : 'bad';
}

/** Nothing where the message is in no list any more, or nobody asks for its recall. */
function toldOf({ sent: named, why }: KeyView, model: PopupModel): Told | undefined {
  if (!named) {
    return why && { words: keyMissWords(why), tone: toneOf(why) };
  }
  const sent = model.glance.value?.sent.find(
    ({ account, id }) => account === named.account && id === named.id,
  );
  if (!sent) return undefined;
  const progress = model.progress(sent);
  const isDone = isRecalled(sent, progress);
  // Of what came of it nothing is known any more.
  if (!isDone && !progress) return undefined;
  const words = keyWords(sent, progress, isPageMissing(sent, model));
  if (isDone) return { words, tone: 'good', sent };
  return { words, tone: isUnderWay(progress) ? 'warn' : 'bad', sent };
}
