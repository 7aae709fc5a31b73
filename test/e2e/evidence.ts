import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tab } from '../browsers/browser.ts';
import { drivenTabs } from '../browsers/tab.ts';
import { withoutCredentials } from '../setup/credentials.ts';
import { openWorlds, type World } from './world.ts';

declare global {
  /** Where witness.ts finds this file's function: vitest loads a runner apart from the tests. */
  var keepEvidence: ((folder: string) => Promise<void>) | undefined;
}
globalThis.keepEvidence = keepEvidence;

/** A tab that is dead or hangs is no reason to wait, ms. */
const patience = 5_000;

/**
 * Writes what there is to see at this moment into `folder`: of every open tab a picture and the text,
 * of every chat server which commands came. No credentials, and nothing of what the server stores.
 */
async function keepEvidence(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  let count = 0;
  for (const tab of drivenTabs()) {
    const place = path.join(folder, `tab-${count + 1}`);
    const work = keepTab(tab, place).then(
      () => true,
      () => false,
    );
    if (await Promise.race([work, sleep(patience, false, { ref: false })])) count += 1;
  }
  for (const [index, world] of openWorlds().entries()) {
    await writeFile(path.join(folder, `server-${index + 1}.txt`), describeServer(world));
  }
}

async function keepTab(tab: Tab, place: string): Promise<void> {
  const address = (await tab.url()).replace(/#.*/u, '');
  const pointer = await tab.evaluate(() =>
    [...document.querySelectorAll(':hover')]
      .map((one) => [one.localName, one.id, ...one.classList].join(' ').trim())
      .join(' > '),
  );
  const seen = `${address}\nThe pointer is on: ${pointer}\n\n${await tab.text()}\n`;
  await writeFile(`${place}.txt`, withoutCredentials(seen));
  await tab.evaluate(() => {
    for (const field of document.querySelectorAll<HTMLInputElement>('input, textarea')) {
      if (field.value.startsWith('eJ')) field.style.color = 'transparent';
    }
  });
  await tab.screenshot(`${place}.png`);
}

function describeServer({ server }: World): string {
  const lines = server.requests.map(
    ({ at, userId, instanceNumber, servcmd, code }) =>
      `${new Date(at).toISOString()} ${userId}/${instanceNumber} ${servcmd} ${code ?? 'unanswered'}`,
  );
  return `${lines.join('\n')}\n`;
}
