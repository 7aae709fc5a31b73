// `npm start`: Unsay in a real browser, on real chat pages, against the local chat server. With a
// display it stays open to play with; without one it walks through the same tour by itself.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { agree, turnOn } from '../e2e/user.ts';
import { closedOnce } from '../setup/ending.ts';
import { openStage } from './stage.ts';
import { walk } from './walk.ts';

const root = path.resolve(import.meta.dirname, '../..');
const browser = process.argv.includes('--firefox') ? 'firefox' : 'chromium';
const hasDisplay =
  process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
const isHeadless = process.argv.includes('--headless') || !hasDisplay;
const pictures = path.join(root, 'test/results/tour', browser);

console.log('Building Unsay…');
build();
console.log('Building the chat pages, starting the chat server and the browser…');
const opening = openStage({
  browser,
  isHeadless,
  pictures: isHeadless ? pictures : undefined,
});
// Whoever plays ends it so; a walk through that is cut short has not seen every step.
const close = closedOnce(async () => (await opening).close(), isHeadless ? 1 : 0);
const stage = await opening;
console.log(`Chat server on ${stage.server.url} (a development server, this computer only).`);
try {
  process.exitCode = isHeadless ? await walkThrough() : await stayOpen();
} finally {
  await close();
}

function build(): void {
  const target = browser === 'chromium' ? 'chrome' : 'firefox';
  const wxt = spawnSync('wxt', ['build', '-b', target, '--mv3'], { cwd: root, encoding: 'utf8' });
  if (wxt.status !== 0) throw new Error(`The build failed:\n${wxt.stdout}${wxt.stderr}`);
}

async function walkThrough(): Promise<number> {
  console.log(`No display: walking through the tour in headless ${browser}.\n`);
  const seen = await walk(stage);
  console.log(`\nPictures: ${path.relative(root, pictures)}/`);
  console.log(seen.every(Boolean) ? 'Every step was seen.' : 'NOT every step was seen.');
  return seen.every(Boolean) ? 0 : 1;
}

async function stayOpen(): Promise<number> {
  await agree(stage.browser);
  const alice = await stage.openChat('react-6', 'alice', 'C2Cbob');
  await turnOn(stage.browser, alice, stage.origin);
  await stage.openChat('vue-3', 'bob', 'C2Calice');
  await alice.activate();
  console.log(`
You agreed on the welcome page, and Unsay is on for Alice's chat, whose session it uses.
  · First tab: Alice's chat. Send something: the undo bar counts down, and beside the
    message under the pointer stands a Recall control.
  · Second tab: Bob's chat. He sees a placeholder where Alice recalled.
  · The Unsay button in the toolbar opens the popup (in Chrome behind the puzzle piece).
Close the browser to end.`);
  await stage.browser.exited;
  return 0;
}
