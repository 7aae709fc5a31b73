// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { allPages } from '../../../src/page/pages/all.ts';
import { findComposer } from '../../../src/page/composer.ts';

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

test('a field that was too narrow is found once the window is wider, whatever else stays', () => {
  const field = document.body.appendChild(document.createElement('textarea'));
  // A page whose list of chats leaves it what is right of 300 px.
  field.getBoundingClientRect = () => new DOMRect(300, 700, innerWidth - 300, 30);
  vi.stubGlobal('innerWidth', 360);
  const composer = findComposer(document, [], () => 0);
  expect(composer.find()).toBeUndefined();
  vi.stubGlobal('innerWidth', 1280);
  expect(composer.find()).toBe(field);
});

test('a field is not looked for anew while nothing but rows changes', () => {
  const composer = findComposer(document, [], () => 0);
  const look = vi.spyOn(document, 'querySelectorAll');
  composer.find();
  composer.find();
  expect(look).toHaveBeenCalledTimes(1);
});

test('where a kit that has one shows none, its search is not taken for it', () => {
  const search = document.body.appendChild(document.createElement('input'));
  search.getBoundingClientRect = () => new DOMRect(0, 20, 300, 30);
  const find = (): HTMLElement | undefined => findComposer(document, allPages, () => 0).find();
  // A page of somebody's own, in which people may well write in one line.
  expect(find()).toBe(search);
  search.setAttribute('enterkeyhint', 'search');
  expect(find()).toBeUndefined();
  search.removeAttribute('enterkeyhint');
  const list = document.body.appendChild(document.createElement('ul'));
  list.id = 'messageScrollList';
  list.append(Object.assign(document.createElement('li'), { id: 'tui-1-1-1' }));
  expect(find()).toBeUndefined();
});

test('a field of a known kit is its composer however narrow the kit makes it', () => {
  const field = document.body.appendChild(document.createElement('div'));
  field.innerHTML =
    '<div class="uikit-MessageInput-message-input"><div class="ProseMirror" contenteditable="true"></div></div>';
  const editor = field.querySelector<HTMLElement>('.ProseMirror');
  if (!editor) throw new Error('There is no field.');
  // chat-uikit-react 6.1.7 in a window of 360 px, most of which its list of chats takes.
  editor.getBoundingClientRect = () => new DOMRect(334, 680, 16, 30);
  expect(findComposer(document, allPages, () => 0).find()).toBe(editor);
  expect(findComposer(document, [], () => 0).find()).toBeUndefined();
});
