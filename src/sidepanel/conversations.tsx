import { i18n } from '#i18n';
import type { VNode } from 'preact';
import type { ConversationView, LineView } from '../contract/own-views.ts';
import { conversationName } from '../ui/sent.ts';
import { Place } from '../popup/place.tsx';
import { plainText } from '../ui/plain.ts';
import { Sentence } from '../ui/sentence.tsx';
import { kindWords, placeholderWords } from '../ui/words.ts';
import type { PanelModel } from './model.ts';
import { Moment } from './moment.tsx';
import { Opener } from './opener.tsx';

/** Characters of a message that are shown; one line of a panel holds fewer. */
const longestExcerpt = 120;

/** The conversations of all accounts, the liveliest first. */
export function Conversations({ model }: { readonly model: PanelModel }): VNode {
  const conversations = model.conversations.value;
  if (!conversations) {
    // Where they cannot be had, that is said above.
    const isLooking = !model.isUnanswered.value;
    return <p class="empty">{isLooking && i18n.t('popup.nothingLoaded')}</p>;
  }
  if (conversations.length === 0) return <p class="empty">{i18n.t('panel.none')}</p>;
  return (
    <ul class="list" aria-label={i18n.t('panel.conversations')}>
      {conversations.map((view) => (
        <Row key={`${view.account} ${view.conversation}`} view={view} model={model} />
      ))}
    </ul>
  );
}

interface Props {
  readonly view: ConversationView;
  readonly model: PanelModel;
}

function Row({ view, model }: Props): VNode {
  const { account, last } = view;
  return (
    <li>
      <Opener of={view} model={model}>
        <span class="row-text">
          <span class="row-head">
            <bdi class="row-name">{conversationName(view)}</bdi>
            <Moment at={view.time * 1000} account={account} model={model} />
          </span>
          {last ? (
            <Last line={last} />
          ) : (
            <span class="excerpt quiet">{i18n.t('panel.notRead')}</span>
          )}
          <Place sent={view} model={model} />
        </span>
      </Opener>
    </li>
  );
}

function Last({ line }: { readonly line: LineView }): VNode {
  if (line.placeholder) {
    return (
      <span class="placeholder">
        <Sentence of={placeholderWords(line.placeholder)} />
      </span>
    );
  }
  const text = plainText(line.text, longestExcerpt);
  return (
    <span class="excerpt quiet">
      {text === '' ? (
        <span class="kind">{kindWords(line.kind)}</span>
      ) : (
        <span class="excerpt-words" dir="auto">
          {text}
        </span>
      )}
    </span>
  );
}
