import type { Tab } from '../browsers/browser.ts';
import { until } from '../browsers/until.ts';

/**
 * Moves the pointer to the message with these words, and along with it while the list grows, until its
 * row has a control that can be seen.
 *
 * @param within selects the list of messages, as the words may stand elsewhere as well.
 */
export async function pointAt(tab: Tab, text: string, within: string): Promise<void> {
  await until(`a control on “${text}”`, async () => {
    await tab.hover({ text, within });
    return tab.closed.evaluate(
      (roots, words) =>
        roots.some(({ host }) => {
          const isSeen = host.matches('[data-unsay=control]') && !host.hasAttribute('data-under');
          return isSeen && host.parentElement?.innerText.includes(words) === true;
        }),
      text,
    );
  });
}
