/** Somebody as the service knows them. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/**
 * Messages in one language, written down before the rules that judge them: what people write, and
 * what looks as if it went to the wrong place.
 */
export interface Sample {
  /** Whom they go to. */
  readonly here: Person;
  /** Whom I talk to elsewhere. */
  readonly elsewhere: readonly Person[];
  /** Nothing in these went to the wrong place. */
  readonly ordinary: readonly string[];
  /** These speak to somebody else. */
  readonly name: readonly string[];
  /** These hold something that nobody else should read. */
  readonly secret: readonly string[];
}

/** One message a line; ⏎ is a new line in it. */
export function lines(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.replaceAll('⏎', '\n'));
}
