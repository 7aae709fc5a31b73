import type { VNode } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly help?: string;
  readonly isChecked: boolean;
  /** Called with what the user wants; the box shows it when `isChecked` says so. */
  readonly onChange: (isChecked: boolean) => void;
}

/** A setting that is on or off, saved when it is clicked. */
export function Check({ label, help, isChecked, onChange }: Props): VNode {
  const id = useId();
  return (
    <div class="check">
      <input
        type="checkbox"
        id={id}
        checked={isChecked}
        aria-describedby={help === undefined ? undefined : `${id}-help`}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.checked);
        }}
      />
      <div>
        <label for={id}>{label}</label>
        {help !== undefined && (
          <p class="help" id={`${id}-help`}>
            {help}
          </p>
        )}
      </div>
    </div>
  );
}
