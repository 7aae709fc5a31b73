// `node test/web-chats/build.ts [page ...]`: installs and builds what is stale, all pages by default.
import { buildPages, PAGE_NAMES, type PageName } from './pages.ts';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(PAGE_NAMES as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`No such page: ${unknown.join(', ')}. The pages are ${PAGE_NAMES.join(', ')}.`);
  process.exit(2);
}
const missing: PageName[] = [];
// One page that cannot be had is no reason to go without the others.
for (const name of asked.length > 0 ? (asked as PageName[]) : PAGE_NAMES) {
  try {
    await buildPages([name]);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    missing.push(name);
  }
}
if (missing.length > 0) {
  console.error(
    `Not built, for the reasons above: ${missing.join(', ')}. Where npm says that it cannot reach ` +
      'its registry, check the network and run the same command again.',
  );
  process.exitCode = 1;
}
