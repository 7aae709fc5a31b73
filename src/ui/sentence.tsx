import type { VNode } from 'preact';
import { piecesOf, type Words } from './words.ts';

/** Shows a sentence; every foreign name in it keeps its direction to itself. */
export function Sentence({ of }: { readonly of: Words }): VNode {
  return (
    <>{piecesOf(of).map(({ text, isName }, at) => (isName ? <bdi key={at}>{text}</bdi> : text))}</>
  );
}
