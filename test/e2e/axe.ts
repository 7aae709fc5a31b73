import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Tab } from '../browsers/browser.ts';

// Sent into the page as source, like every function a tab evaluates.
// eslint-disable-next-line @typescript-eslint/no-implied-eval
const installAxe = new Function(
  readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
) as () => void;

/** What axe finds wrong, in both colour schemes; each with where. */
export async function faultsOf(tab: Tab): Promise<string[]> {
  const faults: string[] = [];
  for (const scheme of ['light', 'dark'] as const) {
    await tab.setColorScheme(scheme);
    // A colour in the middle of its transition is nobody's choice.
    await tab.evaluate(async () => {
      await new Promise((resolve) => {
        requestAnimationFrame(resolve);
      });
      await Promise.allSettled(document.getAnimations().map(({ finished }) => finished));
    });
    await tab.evaluate(installAxe);
    faults.push(
      ...(await tab.evaluate(async (name) => {
        const { axe } = window as unknown as { axe: { run: () => Promise<AxeResults> } };
        const { violations } = await axe.run();
        return violations.map(
          ({ id, nodes }) => `${name}: ${id} at ${nodes.map(({ target }) => target).join(', ')}`,
        );
      }, scheme)),
    );
  }
  await tab.setColorScheme('light');
  return faults;
}
