import type { Company, Person } from './company.ts';
import { speaksToAnother } from './name.ts';
import type { Rule } from './rules.ts';
import { holdsSecret } from './secret.ts';
import { hasTwin, type Sent } from './twin.ts';

/** What a sent text is judged by. Nothing of it leaves this computer. */
export interface Scene {
  readonly sent: Sent;
  /** My other texts of the last minutes. */
  readonly others: readonly Sent[];
  /** Who is in the conversation; undefined where too little is known of that (groups). */
  readonly here: Company | undefined;
  /** Whom I talk to one to one, here or elsewhere. */
  readonly known: readonly Person[];
}

/** Which rules a text breaks that can be judged by what was said, and to whom. */
export function judgeText({ sent, others, here, known }: Scene): Rule[] {
  return [
    ...(here && speaksToStranger(sent.text, here, known) ? (['name'] as const) : []),
    ...(holdsSecret(sent.text) ? (['secret'] as const) : []),
    ...(hasTwin(sent, others) ? (['twin'] as const) : []),
  ];
}

/** Whether a text speaks by name to one of `known` who is not in the company. */
export function speaksToStranger(text: string, here: Company, known: readonly Person[]): boolean {
  const ids = new Set(here.people.map(({ id }) => id));
  // Somebody may go by another name in a group.
  const present = [...here.people, ...known.filter(({ id }) => ids.has(id))];
  const absent = known.filter(({ id }) => !ids.has(id));
  return speaksToAnother(text, [...new Set(namesOf(present))], namesOf(absent), here.said);
}

function namesOf(people: readonly Person[]): string[] {
  return people.flatMap(({ id, name }) => [id, name]);
}
