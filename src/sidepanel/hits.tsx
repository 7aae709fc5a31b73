import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { HitView } from '../contract/own-views.ts';
import { isGroup } from '../message/message.ts';
import { conversationName } from '../ui/sent.ts';
import { Place } from '../popup/place.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { plainPart, plainText } from '../ui/plain.ts';
import { UnansweredNotice } from '../ui/unanswered-notice.tsx';
import { kindWords } from '../ui/words.ts';
import { Covered } from './covered.tsx';
import { foundWords, type PanelModel } from './model.ts';
import { Moment } from './moment.tsx';
import { Opener } from './opener.tsx';

/** What was found, newest first. */
export function Hits({ model }: { readonly model: PanelModel }): VNode {
  const { finding } = model;
  const hits = finding.hits.value;
  const isEnd = finding.isEnd.value;
  const isUnanswered = finding.isUnanswered.value;
  // Where nobody answered, nothing is looked through either.
  const isHeaded = hits !== undefined || !isUnanswered;
  return (
    <section
      {...(isHeaded ? { 'aria-labelledby': 'found' } : { 'aria-label': i18n.t('panel.search') })}
    >
      {isHeaded && (
        <h2 id="found">
          {hits && !finding.isGoingOn.value
            ? foundWords(hits.length, isEnd)
            : i18n.t('panel.searching')}
        </h2>
      )}
      {/* The panel itself says so where it has no answers either. */}
      {isUnanswered && !model.isUnanswered.value && (
        <UnansweredNotice announcer={model.announcer} run={() => finding.refresh()} />
      )}
      <Covered finding={finding} announcer={model.announcer} />
      <ul class="list">
        {hits?.map((hit) => (
          <Hit key={`${hit.account} ${hit.id}`} hit={hit} model={model} />
        ))}
      </ul>
      {hits && !isEnd && (
        <ActionButton
          label={i18n.t('panel.more')}
          announcer={model.announcer}
          run={() => finding.more()}
        />
      )}
    </section>
  );
}

function Hit({ hit, model }: { readonly hit: HitView; readonly model: PanelModel }): VNode {
  return (
    <li>
      <Opener of={hit} hit={hit} model={model}>
        <span class="row-text">
          <span class="row-head">
            <bdi class="row-name">{conversationName(hit)}</bdi>
            <Moment at={hit.time * 1000} account={hit.account} model={model} />
          </span>
          {/* Between two people the conversation has the other's name. */}
          {(hit.isMine || isGroup(hit.conversation)) && (
            <bdi class="hit-author">
              {hit.isMine ? i18n.t('panel.you') : plainText(hit.author, 40)}
            </bdi>
          )}
          {hit.kind !== 'text' && <span class="kind">{kindWords(hit.kind)}</span>}
          <span class="hit-words" dir="auto">
            {piecesOf(hit).map(({ text, isHit }, at) =>
              isHit ? <mark key={at}>{text}</mark> : text,
            )}
          </span>
          <Place sent={hit} model={model} />
        </span>
      </Opener>
    </li>
  );
}

interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** An excerpt in pieces: what was looked for, and what is around it. */
export function piecesOf({ excerpt, spots }: Pick<HitView, 'excerpt' | 'spots'>): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [from, to] of spots) {
    const begin = Math.max(at, from);
    if (to <= begin) continue;
    pieces.push({ text: excerpt.slice(at, begin), isHit: false });
    pieces.push({ text: excerpt.slice(begin, to), isHit: true });
    at = to;
  }
  pieces.push({ text: excerpt.slice(at), isHit: false });
  return pieces
    .map(({ text, isHit }) => ({ text: plainPart(text), isHit }))
    .filter(({ text }) => text !== '');
}
