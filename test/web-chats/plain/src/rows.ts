import type { Message } from '@tencentcloud/chat';

import type { Words } from './words.ts';

/**
 * A message as a row: `li.row[data-message-id]`, own ones also `.is-own`. The page takes no notice
 * of recalls: a recalled message looks like any other.
 */
export function drawRow(message: Message, words: Words): HTMLLIElement {
  const row = document.createElement('li');
  row.className = 'row';
  row.classList.toggle('is-own', message.flow === 'out');
  row.dataset.messageId = message.ID;
  const time = new Date(message.time * 1000).toLocaleTimeString(words.language, {
    hour: '2-digit',
    minute: '2-digit',
  });
  const name = message.flow === 'out' ? [] : [message.nick === '' ? message.from : message.nick];
  row.append(
    element('div', 'about', [...name, time].join(' · ')),
    element('div', 'bubble', readText(message, words)),
  );
  return row;
}

export function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

interface Payload {
  readonly text?: string;
  readonly fileName?: string;
  readonly description?: string;
}

function readText(message: Message, words: Words): string {
  const payload = message.payload as Payload;
  switch (String(message.type)) {
    case 'TIMTextElem':
      return payload.text ?? '';
    case 'TIMImageElem':
      return words.image;
    case 'TIMFileElem':
      return `${words.file} ${payload.fileName ?? ''}`;
    case 'TIMFaceElem':
      return words.face;
    case 'TIMCustomElem':
      return payload.description === undefined || payload.description === ''
        ? words.other
        : payload.description;
    default:
      return words.other;
  }
}
