import * as v from 'valibot';
import { rules } from './guard/rules.ts';

/** How recalled messages look in pages of a site. */
export const placeholderStyles = [
  /** A sentence each. */
  'show',
  /** Those that follow each other share one line. */
  'compact',
  /** Nothing stands in their place. */
  'hide',
] as const;
export type PlaceholderStyle = (typeof placeholderStyles)[number];

/** How Unsay behaves in pages, as the user set it; what is missing reads as the default. */
export const Manners = v.object({
  /** Whether the undo bar comes up after a message. */
  hasBar: v.optional(v.boolean(), true),
  /** Whether the bar names the conversation only, and shows no words of a message. */
  isDiscreet: v.optional(v.boolean(), false),
  /** Rules of the wrong-recipient guard that the user turned off. */
  rulesOff: v.optional(v.array(v.picklist(rules)), []),
  /** Per site; `show` where nothing is said. */
  placeholders: v.optional(
    v.array(v.object({ origin: v.string(), style: v.picklist(placeholderStyles) })),
    [],
  ),
});
export type Manners = v.InferOutput<typeof Manners>;

/** One or more choices about it; what is missing stays as it is. */
export const MannersChange = v.object({
  hasBar: v.optional(v.boolean()),
  isDiscreet: v.optional(v.boolean()),
  rule: v.optional(v.object({ name: v.picklist(rules), isOn: v.boolean() })),
  placeholder: v.optional(v.object({ origin: v.string(), style: v.picklist(placeholderStyles) })),
});
export type MannersChange = v.InferOutput<typeof MannersChange>;

/** How Unsay behaves after a choice. */
export function changedManners(
  manners: Manners,
  { hasBar, isDiscreet, rule, placeholder }: MannersChange,
): Manners {
  const { rulesOff, placeholders } = manners;
  const otherRules = rulesOff.filter((name) => name !== rule?.name);
  const otherSites = placeholders.filter(({ origin }) => origin !== placeholder?.origin);
  return {
    hasBar: hasBar ?? manners.hasBar,
    isDiscreet: isDiscreet ?? manners.isDiscreet,
    rulesOff: rule?.isOn === false ? [...otherRules, rule.name] : otherRules,
    placeholders: placeholder ? [...otherSites, placeholder] : otherSites,
  };
}

/** What nobody has set. */
export const defaultManners: Manners = {
  hasBar: true,
  isDiscreet: false,
  rulesOff: [],
  placeholders: [],
};
