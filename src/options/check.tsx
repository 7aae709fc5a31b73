import { i18n } from '#i18n';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly help?: string;
  readonly isChecked: boolean;
  /** Whoever manages the browser has set it: the user sees it and cannot change it. */
  readonly isManaged?: boolean;
  /** Called with what the user wants; the box shows it when `isChecked` says so. */
  readonly onChange: (isChecked: boolean) => void;
}

/** A setting that is on or off, saved when it is clicked. */
export function Check({ label, help, isChecked, isManaged = false, onChange }: Props): VNode {
  const id = useId();
  const said = isManaged ? i18n.t('options.managed') : help;
  return (
    <div class="check">
      <input
        type="checkbox"
        id={id}
        checked={isChecked}
        disabled={isManaged}
        aria-describedby={said === undefined ? undefined : `${id}-help`}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.checked);
        }}
      />
      <div>
        <label for={id}>{label}</label>
        {said !== undefined && (
          <p class="help" id={`${id}-help`}>
            {said}
          </p>
        )}
      </div>
    </div>
  );
}
