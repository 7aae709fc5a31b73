import { signal, type ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import { Sentence } from './sentence.tsx';
import type { Words } from './words.ts';

interface Announcement {
  readonly words: Words;
  /** Tells two announcements of the same words apart. */
  readonly count: number;
}

/** What is read out to people who do not see the screen; the newest outcome only. */
export interface Announcer {
  readonly now: ReadonlySignal<Announcement | undefined>;
  announce(words: Words): void;
}

export function createAnnouncer(): Announcer {
  const now = signal<Announcement | undefined>();
  return {
    now,
    announce(words) {
      now.value = { words, count: (now.value?.count ?? 0) + 1 };
    },
  };
}

/** The one polite status region of a page; must be there before anything is said. */
export function StatusRegion({ announcer }: { readonly announcer: Announcer }): VNode {
  const said = announcer.now.value;
  return (
    <div role="status" class="unseen">
      {said && (
        <span key={said.count}>
          <Sentence of={said.words} />
        </span>
      )}
    </div>
  );
}
