import type { startMenuEntries } from './menu-entries.ts';
import type { PutBack, PutBackOptions } from './put-back.ts';

/** What the tools get from the hands. */
export type ToolsWorld = Omit<PutBackOptions, 'askForTools'>;

/**
 * What people need now and then only: a script of its own, there once a menu is open that may get an
 * entry of ours, or somebody wants the words of a recalled message back.
 */
export interface Tools {
  readonly startMenuEntries: typeof startMenuEntries;
  readonly putBack: PutBack;
}

/** Where the tools meet the hands, as the hands meet the page's first script. */
export interface ToolsDoor {
  readonly world: ToolsWorld;
  /** The tools are there. */
  readonly enter: (tools: Tools) => void;
}

const doors = globalThis as { unsayToolsDoor?: ToolsDoor };

/** The door somebody left open. */
export function findToolsDoor(): ToolsDoor | undefined {
  return doors.unsayToolsDoor;
}

/**
 * Leaves the door open, in place of one that was left before. Returns what has the tools put into the
 * page, the first time they are wanted; it rejects while no worker answers.
 */
export function summonTools(world: ToolsWorld): () => Promise<Tools> {
  let coming: Promise<Tools> | undefined;
  const call = async (): Promise<Tools> => {
    const entered = new Promise<Tools>((enter) => {
      doors.unsayToolsDoor = { world, enter };
    });
    try {
      await world.ask('summon', 'tools');
    } catch (error) {
      coming = undefined;
      throw error;
    }
    return entered;
  };
  return () => (coming ??= call());
}
