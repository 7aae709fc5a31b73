import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';

/** What a field's input must carry to belong to its label, help and complaint. */
export interface FieldProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

interface Props {
  readonly label: string;
  readonly help?: string;
  /** What is wrong with what was entered. */
  readonly wrong?: string | undefined;
  readonly children: (props: FieldProps) => ComponentChildren;
}

/** A label, its input, what it is for and what is wrong with it. */
export function Field({ label, help, wrong, children }: Props): VNode {
  const id = useId();
  const helpId = `${id}-help`;
  const wrongId = `${id}-wrong`;
  const described = [help && helpId, wrong && wrongId].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': wrong !== undefined,
      })}
      {wrong !== undefined && (
        <p class="failure" id={wrongId}>
          {wrong}
        </p>
      )}
      {help !== undefined && (
        <p class="help" id={helpId}>
          {help}
        </p>
      )}
    </div>
  );
}
