import type { BarSentences } from '../../../src/page/bar/bar-sentences.ts';

/** Sentences that show what they were made of. */
export const barSentences: BarSentences = {
  label: () => 'Unsay',
  sent: ({ own }) => ({ text: own ? `To ${own.name}: ${own.excerpt}` : 'Elsewhere', names: [] }),
  recall: () => 'Recall',
  recallLabel: ({ own }, left) => `Recall ${own?.name ?? 'elsewhere'}, ${left}`,
  more: (open) => (open > 0 ? `${open} more` : 'What was recalled'),
  fewer: () => 'Fewer',
  dismiss: () => 'Hide',
  recalling: ({ own }, isUnanswered) => ({
    text: `${isUnanswered ? 'No answer yet' : 'Recalling'} from ${own?.name ?? 'elsewhere'}`,
    names: [],
  }),
  waiting: ({ own }, left) => ({
    text: `Waiting ${left ?? ''} for ${own?.name ?? 'elsewhere'}`,
    names: [],
  }),
  tooLate: () => ({ text: 'Too late', names: [] }),
  recalled: ({ own }) => ({ text: `Recalled from ${own?.name ?? 'elsewhere'}`, names: [] }),
  refused: ({ own }, why) => ({ text: `To ${own?.name ?? 'elsewhere'}: ${why}`, names: [] }),
  reeditHere: (name) => `Put into ${name}`,
  openChat: () => 'Open a chat',
  warning: (rule) => `Warning: ${rule}`,
  announce: ({ own }, left) => `Sent to ${own?.name ?? 'elsewhere'}, ${left}`,
};
