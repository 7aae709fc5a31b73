// Runs before anything is installed: nothing but Node's own modules may be imported here.
import { spawnSync } from 'node:child_process';

/** Firefox 142 is the oldest the extension's manifest admits. */
const OLDEST_FIREFOX = 142;

// Branded Google Chrome is left out: since 137 it ignores --load-extension.
const CHROMIUM_COMMANDS = ['chromium', 'chromium-browser'];
const FIREFOX_COMMANDS = ['firefox-esr', 'firefox'];

/** What it takes to find each browser, and what to tell when it is not there. */
const BROWSERS = {
  chromium: {
    variable: 'UNSAY_CHROMIUM',
    commands: CHROMIUM_COMMANDS,
    isUsable: (version) => /\d/.test(version),
    advice:
      'Chromium was not found. Install it (Debian: apt-get install chromium) or put its path into ' +
      'UNSAY_CHROMIUM. Google Chrome will not do: it refuses unpacked extensions from the command line.',
  },
  firefox: {
    variable: 'UNSAY_FIREFOX',
    commands: FIREFOX_COMMANDS,
    isUsable: (version) => Number(/Firefox (\d+)/.exec(version)?.[1]) >= OLDEST_FIREFOX,
    advice:
      `Firefox ${OLDEST_FIREFOX} or newer was not found. Install it (Debian: apt-get install ` +
      'firefox-esr) or put its path into UNSAY_FIREFOX.',
  },
};

/**
 * The command that starts Chromium: what UNSAY_CHROMIUM names, else the first usable one on PATH.
 *
 * @returns {string | undefined}
 */
export function findChromium() {
  return process.env.UNSAY_CHROMIUM ?? findOnPath('chromium');
}

/**
 * The command that starts Firefox: what UNSAY_FIREFOX names, else the first on PATH that is new enough.
 *
 * @returns {string | undefined}
 */
export function findFirefox() {
  return process.env.UNSAY_FIREFOX ?? findOnPath('firefox');
}

/**
 * Looks for both browsers and installs what is missing with apt-get where that is allowed. What is
 * found is put into UNSAY_CHROMIUM and UNSAY_FIREFOX for the programs started after.
 *
 * @param {('chromium' | 'firefox')[]} needed The browsers without which the caller cannot go on.
 * @throws {Error} With a sentence that names what to install.
 */
export function installBrowsers(needed) {
  const names = Object.keys(BROWSERS);
  const missing = names.filter((name) => !lookFor(name));
  if (missing.length > 0) {
    installWithApt();
    const stillMissing = missing.filter((name) => !lookFor(name) && needed.includes(name));
    if (stillMissing.length > 0) {
      throw new Error(stillMissing.map((name) => BROWSERS[name].advice).join('\n'));
    }
  }
}

function lookFor(name) {
  const { variable } = BROWSERS[name];
  const named = process.env[variable];
  if (named !== undefined) return runs(name, named);
  const found = findOnPath(name);
  if (found !== undefined) process.env[variable] = found;
  return found !== undefined;
}

function findOnPath(name) {
  return BROWSERS[name].commands.find((command) => runs(name, command));
}

function runs(name, command) {
  const answer = spawnSync(command, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  return answer.status === 0 && BROWSERS[name].isUsable(answer.stdout);
}

function installWithApt() {
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status !== 0) return;
  console.log("Installing Chromium and Firefox from the system's packages (apt-get) ...");
  const apt = (...args) =>
    spawnSync(
      isRoot ? 'env' : 'sudo',
      [
        ...(isRoot ? [] : ['-n', 'env']),
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
        '-qq',
        ...args,
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
  apt('update');
  // The fonts are for the Chinese pages: without them the screenshots show boxes.
  apt('install', '-y', '--no-install-recommends', 'chromium', 'firefox-esr', 'fonts-noto-cjk');
}
