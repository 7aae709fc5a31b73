import { speaksToAnother } from './name.ts';
import type { Rule } from './rules.ts';
import { holdsSecret } from './secret.ts';
import { hasTwin, type Sent } from './twin.ts';

/** What a sent text is judged by. Nothing of it leaves this computer. */
export interface Scene {
  readonly sent: Sent;
  /** My other texts of the last minutes. */
  readonly others: readonly Sent[];
  /** The names of who is in the conversation; undefined where not everybody is known (groups). */
  readonly here: readonly string[] | undefined;
  /** The names of people I talk to elsewhere. */
  readonly elsewhere: readonly string[];
}

/** Which rules a text breaks that can be judged by what was said, and to whom. */
export function judgeText({ sent, others, here, elsewhere }: Scene): Rule[] {
  return [
    ...(here && speaksToAnother(sent.text, here, elsewhere) ? (['name'] as const) : []),
    ...(holdsSecret(sent.text) ? (['secret'] as const) : []),
    ...(hasTwin(sent, others) ? (['twin'] as const) : []),
  ];
}
