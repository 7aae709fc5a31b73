import type { ask } from '../../contract/page-ask.ts';
import type { BarView } from '../../contract/views.ts';
import type { ConversationId, MessageId } from '../../message/message.ts';
import { isAtField, type Composer } from '../composer.ts';
import { Draft } from './draft.ts';

export interface DraftWatchOptions {
  readonly document: Document;
  readonly ask: typeof ask;
  readonly composer: Composer;
  /** The conversation that is open in the page. */
  readonly here: () => ConversationId | undefined;
  /** A message is being written. */
  readonly onWrite: () => void;
  readonly signal: AbortSignal;
}

export interface DraftWatch {
  /** Judges messages of mine that have just come up. */
  see(view: BarView): void;
}

/** Watches how messages are written in this page. What is written stays in the page. */
export function watchDrafts(options: DraftWatchOptions): DraftWatch {
  const { document, ask, composer, here, onWrite, signal } = options;
  const draft = new Draft();
  const seen = new Set<MessageId>();
  let isFirst = true;

  const isInComposer = ({ target }: Event): boolean =>
    target instanceof Node && composer.find()?.contains(target) === true;
  const onEvent = (event: Event): void => {
    if (!event.isTrusted) return;
    draft.use(here(), performance.now());
    if (event.type === 'pointerdown') draft.press(performance.now());
    else if (!isInComposer(event)) return;
    else if (event.type === 'input') {
      draft.write(composer.text());
      onWrite();
    } else {
      draft.touch(composer.text());
      if (event instanceof KeyboardEvent && event.key === 'Enter') draft.press(performance.now());
    }
  };
  for (const type of ['keydown', 'paste', 'drop', 'input', 'pointerdown'] as const) {
    document.addEventListener(type, onEvent, { capture: true, passive: true, signal });
  }
  // What they write already was begun here, as far as anybody knows.
  if (isAtField(document)) {
    draft.see(here(), performance.now());
    draft.write(composer.text());
  }

  return {
    see({ messages }) {
      const now = performance.now();
      const fresh = messages.filter(({ id }) => !seen.has(id));
      for (const { id } of fresh) seen.add(id);
      // Those that were there before this page looked were written elsewhere, or long ago.
      if (!isFirst) {
        for (const { id, own, until } of fresh) {
          const broken = own && until !== undefined ? draft.judge(own.conversation, now) : [];
          if (broken.length > 0) ask('warnOf', { id, rules: broken }).catch(() => undefined);
        }
      }
      isFirst = false;
      draft.see(here(), now);
    },
  };
}
