/**
 * Settings every chat page is built with.
 *
 * The kits load default avatars and emoji from Tencent's content network; here they become paths on
 * the page's own server, so that a page asks nothing of the outside world and looks the same
 * everywhere.
 *
 * @param {import('vite').UserConfig} [own] what only this page needs
 * @returns {import('vite').UserConfig}
 */
export function pageConfig(own = {}) {
  return {
    base: './',
    logLevel: 'error',
    ...own,
    plugins: [
      ...(own.plugins ?? []),
      {
        name: 'pictures-from-here',
        renderChunk: (code) => code.replaceAll('https://web.sdk.qcloud.com/', '/pictures/'),
      },
    ],
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      chunkSizeWarningLimit: 16_000,
      reportCompressedSize: false,
    },
  };
}
