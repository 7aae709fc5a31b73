import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrowserName } from './browser.ts';

/** The command the sample extension listens to; it then stores `command`. */
export const SAMPLE_COMMAND = 'do-it';

/**
 * Writes the smallest extension that has everything the drivers promise to reach: a worker, a popup, a
 * command, optional permissions for http://localhost and notices, two languages, and on http://127.0.0.1 a closed
 * shadow root with buttons.
 *
 * @returns The folder, for the caller to remove.
 */
export function writeSampleExtension(browser: BrowserName): string {
  const folder = mkdtempSync(join(tmpdir(), 'unsay-sample-'));
  const files: Record<string, string> = {
    'manifest.json': JSON.stringify({
      manifest_version: 3,
      name: 'Sample',
      version: '1',
      default_locale: 'en',
      permissions: ['storage', 'scripting'],
      optional_permissions: ['notifications'],
      optional_host_permissions: ['http://localhost/*'],
      action: { default_popup: 'popup.html' },
      commands: {
        [SAMPLE_COMMAND]: { suggested_key: { default: 'Alt+Shift+U' }, description: '-' },
      },
      background:
        browser === 'firefox' ? { scripts: ['worker.js'] } : { service_worker: 'worker.js' },
      content_scripts: [{ matches: ['http://127.0.0.1/*'], js: ['content.js'] }],
      browser_specific_settings: {
        gecko: { id: 'sample@unsay.test', strict_min_version: '140.0' },
      },
    }),
    'worker.js': `
      const born = String(Math.random());
      chrome.runtime.onMessage.addListener((message, sender, reply) => {
        if (message === 'when were you born?') reply(born);
      });
      chrome.commands.onCommand.addListener((command) => chrome.storage.local.set({ command }));`,
    'popup.html': `<!doctype html><meta charset="utf-8"><title>Popup</title>
      <p id="greeting"></p>
      <label>Name <input id="name"></label>
      <button id="say">Say</button><button id="say-all">Say all</button>
      <button id="turn-on">Turn on</button><button id="notify">Notify</button>
      <output id="said"></output>
      <script src="popup.js"></script>`,
    'popup.js': `
      const byId = (id) => document.getElementById(id);
      byId('greeting').textContent = chrome.i18n.getMessage('greeting');
      byId('say').onclick = (event) => {
        byId('said').textContent = 'said ' + byId('name').value + (event.isTrusted ? '' : ' untrusted');
      };
      byId('turn-on').onclick = async () => {
        const isGranted = await chrome.permissions.request({ origins: ['http://localhost/*'] });
        byId('said').textContent = 'granted ' + isGranted;
      };
      byId('notify').onclick = () => chrome.permissions.request({ permissions: ['notifications'] });`,
    'content.js': `
      const host = document.createElement('div');
      host.id = 'sample-host';
      document.body.append(host);
      const root = host.attachShadow({ mode: 'closed' });
      root.innerHTML = '<button>Recall</button><button aria-label="Recall last">!</button><button hidden>Hidden</button>';
      for (const button of root.querySelectorAll('button')) {
        button.onclick = (event) => {
          document.title = (button.ariaLabel ?? button.innerText) + (event.isTrusted ? '' : ' untrusted');
        };
        button.onmouseenter = () => { host.dataset.hovered = button.innerText; };
      }`,
    '_locales/en/messages.json': JSON.stringify({ greeting: { message: 'Hello' } }),
    '_locales/zh_CN/messages.json': JSON.stringify({ greeting: { message: '你好' } }),
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}
