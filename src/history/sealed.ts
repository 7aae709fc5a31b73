/** A text and its own key, as they are stored; `vault.ts` says what stands where. */
export type Sealed = Uint8Array<ArrayBuffer>;

/** Binds a text to its place: whose, and of which message. It opens nowhere else. */
export interface Label {
  readonly account: string;
  readonly id: string;
}

/** Something and the label it belongs to. */
export interface Labelled<T> extends Label {
  readonly it: T;
}
