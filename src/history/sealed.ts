/** A text and its own key, as they are stored; `vault.ts` says what stands where. */
export type Sealed = Uint8Array<ArrayBuffer>;

/** Binds a text to its place: whose, of which message, and which of its two. It opens nowhere else. */
export interface Label {
  readonly account: string;
  readonly id: string;
  readonly part: 'body' | 'quote';
}

/** Something and the label it belongs to. */
export interface Labelled<T> extends Label {
  readonly it: T;
}
