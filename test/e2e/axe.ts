import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Tab } from '../browsers/browser.ts';
import { until } from '../browsers/until.ts';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);
// Sent into the page as source, like every function a tab evaluates.
// eslint-disable-next-line @typescript-eslint/no-implied-eval
const installAxe = new Function(axeSource) as () => void;

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

/**
 * What axe finds wrong in what Unsay put into a page, on the page's own ground and, where its rows have
 * none of their own, on a dark one. It looks from a world of its own, where closed shadow roots are made
 * open to it.
 */
export async function ownFaultsOf(
  tab: Tab,
  schemes: readonly ('light' | 'dark')[] = ['light', 'dark'],
): Promise<string[]> {
  const faults: string[] = [];
  for (const scheme of schemes) {
    await tab.evaluate((isDark) => {
      const { style } = document.body;
      if (isDark) {
        style.setProperty('background', '#15181d', 'important');
        style.setProperty('color', '#e5e7eb', 'important');
      } else style.cssText = '';
      // Unsay looks at what lies behind it whenever it finds its place.
      dispatchEvent(new Event('resize'));
    }, scheme === 'dark');
    await until(`everything of ours to be ${scheme}`, () =>
      tab.closed.evaluate(
        (roots, wanted) =>
          roots
            .flatMap((root) => [...root.querySelectorAll<HTMLElement>('[data-scheme]')])
            .every(({ dataset }) => dataset.scheme === wanted),
        scheme,
      ),
    );
    faults.push(
      ...(await tab.closed.evaluate(
        async (roots, source, name) => {
          const ours = roots.filter((root) => root.host.hasAttribute('data-unsay'));
          for (const root of ours) Object.defineProperty(root.host, 'shadowRoot', { value: root });
          // eslint-disable-next-line @typescript-eslint/no-implied-eval
          (new Function(source) as () => void)();
          const { axe } = globalThis as unknown as {
            axe: { run: (context: object) => Promise<AxeResults> };
          };
          const { violations, passes } = await axe.run({ include: ours.map(({ host }) => host) });
          // An axe that saw nothing finds nothing wrong.
          const basics = ['color-contrast', 'button-name'];
          if (!passes.some(({ id }) => basics.includes(id))) return [`${name}: nothing seen`];
          return violations.map(
            ({ id, nodes }) =>
              `${name}: ${id} at ${nodes.map(({ target, html }) => `${target.join()} ${html.slice(0, 200)}`).join(', ')}`,
          );
        },
        axeSource,
        scheme,
      )),
    );
  }
  return faults;
}
