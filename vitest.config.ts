import preact from '@preact/preset-vite';
import { defineConfig } from 'vitest/config';
import { WxtVitest } from 'wxt/testing/vitest-plugin';

/** The end-to-end scenarios are written once and run once per browser: inject('browser') says which. */
function endToEnd(browser: 'chromium' | 'firefox') {
  return {
    test: {
      name: browser,
      include: ['test/e2e/**/*.test.ts'],
      provide: { browser },
      env: { UNSAY_BROWSER: browser },
      // A browser and a chat server per file are as much as two cores carry.
      fileParallelism: false,
      testTimeout: 60_000,
      hookTimeout: 120_000,
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
            'test/store/*.test.ts',
          ],
          environment: 'node',
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
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browsers',
          include: ['test/browsers/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      endToEnd('chromium'),
      endToEnd('firefox'),
    ],
  },
});
