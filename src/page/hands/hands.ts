import type { ConversationId, MessageRef } from '../../message/message.ts';
import { summonBar } from '../bar/door.ts';
import type { GuardClicks } from '../click-guard.ts';
import { findComposer } from '../composer.ts';
import { startControls } from '../controls.ts';
import { everySecond } from '../every-second.ts';
import { watchDrafts } from '../guard/draft-watch.ts';
import { isDarkBehind } from '../placing.ts';
import { makeTicking } from '../ticking.ts';
import { summonTools } from '../tools/door.ts';
import type { PutBackOutcome } from '../tools/put-back.ts';
import type { Hands, HandsWorld } from './door.ts';
import type { HandSentences } from './sentences.ts';

/** What the hands bring along. */
export interface HandsLuggage {
  readonly guardClicks: GuardClicks;
  readonly sentences: HandSentences;
}

/** Starts everything with which people act in a page. */
export function startHands(world: HandsWorld, luggage: HandsLuggage): Hands {
  const { guardClicks, sentences } = luggage;
  const composer = findComposer(world.document, world.pages, world.changes);
  const tools = summonTools({ ...world, composer, sentences });
  /** Into another conversation than it was offered in, opened meanwhile, nothing is put. */
  const putBack = async (
    message: MessageRef,
    offeredIn: ConversationId | undefined,
  ): Promise<PutBackOutcome> => {
    try {
      const { putBack } = await tools();
      return await putBack(message, () => world.here() === offeredIn);
    } catch {
      // No worker, for now, or one that cannot read them.
      return { note: sentences.notPutBack(), isOver: false };
    }
  };
  const shared = { everySecond, isDarkBehind, makeTicking };
  const bar = summonBar({
    ...world,
    ...shared,
    told: () => controls.told(),
    isToldInRow: (id) => world.knowledge.wasAskedHere(id) && controls.isThere(id),
    guardClicks,
    composer,
    putBack,
    sentences,
  });
  // Its script is there by the time a message is sent, and in no page where nobody writes.
  const drafts = watchDrafts({ ...world, composer, onWrite: bar.expect });
  const controls = startControls({
    ...world,
    guardClicks,
    sentences,
    tools,
    // Where the row of a message is, its conversation is open.
    onReedit: ({ id, account, view: { conversation } }) =>
      putBack({ id, account, conversation }, world.here()),
    onMenus: bar.avoid,
    onResized: bar.noteMoved,
  });
  return {
    controls,
    bar: {
      ...bar,
      show(view) {
        drafts.see(view);
        bar.show(view);
      },
    },
  };
}
