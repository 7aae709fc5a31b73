import type { Box } from './box.ts';
import type { Choice } from './place.ts';
import type { Tools } from './tools/door.ts';

/**
 * Chooses by the tools where a control stands that has a choice. Until they are there it stands where it
 * belongs, whatever it covers; `onTools`: they are. Without a worker they are wanted again the next time.
 */
export function makeChooser(
  tools: () => Promise<Tools>,
  onTools: () => void,
): (choice: Choice) => Box {
  let choose: Tools['chooseSpot'] | undefined;
  const take = ({ chooseSpot }: Tools): void => {
    choose = chooseSpot;
    onTools();
  };
  return (choice) => {
    if (choose) return choose(choice);
    tools().then(take, () => undefined);
    return choice.wanted;
  };
}
