import * as v from 'valibot';
import { Mentions } from '../../message/mentions.ts';
import { MessageRef } from '../../message/message.ts';
import type { Lines } from './line.ts';

/** What a chat page asks once somebody wants words back; its other scripts begin without. */
export const toolsLines = {
  /** Whom the words mention that `reedit` answers with; nothing where they mention nobody. */
  mentions: { from: ['page'], ask: MessageRef, answer: v.optional(Mentions) },
} as const satisfies Lines;
