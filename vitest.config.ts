import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

/**
 * How long `expect.poll` goes on where browsers and servers are real, ms. Vitest's own second is less than
 * what a browser takes on two slow cores; what comes at once is not waited for any longer.
 */
const patience = { poll: { timeout: 30_000 } };

/** The end-to-end scenarios are written once and run once per browser: inject('browser') says which. */
function endToEnd(browser: 'chromium' | 'firefox') {
  return {
    test: {
      name: browser,
      include: ['test/e2e/**/*.test.ts'],
      provide: { browser },
      env: { UNSAY_BROWSER: browser },
      // A browser and a chat server per file, beside those of the other browser's tests, are as much
      // as two cores carry.
      fileParallelism: false,
      // Longer than any wait in the tests and drivers, which say what they waited for.
      testTimeout: 240_000,
      hookTimeout: 120_000,
      expect: patience,
      // Keeps what a failed test had before it.
      runner: './test/e2e/witness.ts',
      setupFiles: ['./test/e2e/evidence.ts'],
    },
  };
}

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [preact(), WxtVitest()],
        test: {
          name: 'unit',
          include: [
            'test/unit/**/*.test.{ts,tsx}',
            'test/house.test.ts',
            'test/setup/*.test.ts',
            'test/bench/*.test.ts',
            'test/store/*.test.ts',
          ],
          environment: 'node',
          // Seconds on a quiet machine; the other steps of `npm test` run beside it.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'server',
          include: [
            'test/chat-server/**/*.test.ts',
            'test/contract/**/*.test.ts',
            'test/web-chats/*.test.ts',
          ],
          // Most of it waits for the SDK's own timers, so more than one file per core runs at once.
          maxWorkers: 4,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: patience,
        },
      },
      {
        test: {
          name: 'browsers',
          include: ['test/browsers/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: patience,
        },
      },
      endToEnd('chromium'),
      endToEnd('firefox'),
    ],
  },
});
