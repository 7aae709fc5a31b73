import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addPeople } from '../chat-server/people.ts';
import { startChatServer, type ChatServer } from '../chat-server/server.ts';
import { findChromium } from '../setup/installed-browsers.mjs';

const extension = path.resolve(import.meta.dirname, '../../.output/chrome-mv3');

let server: ChatServer;
let context: BrowserContext;
let profile: string;

/**
 * The other scenarios are driven by this project's own drivers. Here Playwright, which knows
 * nothing of them, finds and uses the same labels and buttons.
 */
describe.runIf(inject('browser') === 'chromium')('driven by Playwright', () => {
  beforeAll(async () => {
    server = await startChatServer();
    addPeople(server);
    profile = await mkdtemp(path.join(tmpdir(), 'unsay-playwright-'));
    context = await chromium.launchPersistentContext(profile, {
      executablePath: execFileSync('which', [findChromium() ?? ''], { encoding: 'utf8' }).trim(),
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        `--disable-extensions-except=${extension}`,
        `--load-extension=${extension}`,
      ],
    });
  });
  afterAll(async () => {
    await context.close();
    await server.stop();
    await rm(profile, { recursive: true, force: true });
  });

  it('signs in by the visible labels and recalls from the popup', async () => {
    const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
    const origin = `chrome-extension://${new URL(worker.url()).host}`;
    const isWelcome = (page: Page): boolean => page.url() === `${origin}/welcome.html`;
    const welcome =
      context.pages().find(isWelcome) ??
      (await context.waitForEvent('page', { predicate: isWelcome }));
    await welcome.getByRole('button', { name: 'I agree' }).click();
    await welcome.getByText('Unsay is ready').first().waitFor();
    const options = await context.newPage();
    await options.goto(`${origin}/options.html`);
    await options.getByLabel('SDKAppID').fill(String(server.sdkAppId));
    await options.getByLabel('User ID').fill('alice');
    await options.getByLabel('UserSig').fill(server.userSig('alice'));
    await options.getByText('Advanced').click();
    await options.getByLabel('Server address').fill(server.url);
    await options.getByRole('button', { name: 'Sign in' }).click();
    await options.getByText('Signed in as').waitFor();

    const sent = server.post({ from: 'alice', to: 'C2Cbob', text: 'seen by two drivers' });
    const popup = await context.newPage();
    await popup.goto(`${origin}/popup.html`);
    await popup
      .getByRole('listitem')
      .filter({ hasText: 'seen by two drivers' })
      .getByRole('button', { name: 'Recall' })
      .click();
    await popup.getByRole('listitem').getByText('You recalled a message').waitFor();
    expect(server.message(sent).isRecalled).toBe(true);
    expect(await popup.getByText('seen by two drivers').count()).toBe(0);
  });
});
