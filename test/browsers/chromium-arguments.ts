/** Nothing but the tests' own pages may be spoken to. */
const FLAGS = [
  '--no-first-run',
  '--no-default-browser-check',
  '--no-sandbox',
  '--test-type',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-client-side-phishing-detection',
  '--disable-default-apps',
  '--disable-search-engine-choice-screen',
  '--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication',
  '--no-pings',
  '--metrics-recording-only',
  '--password-store=basic',
  '--use-mock-keychain',
  '--hide-crash-restore-bubble',
  '--force-color-profile=srgb',
  '--window-size=1280,900',
  // Without a window the screen is 800 x 600, and a popup ends at its edge.
  '--screen-info={1280x900}',
  '--remote-debugging-pipe',
];

/** Chromium's command line: quiet, closed off, driven over a pipe, with the extension installed. */
export function chromiumArguments(options: {
  extension: string;
  profile: string;
  /** Of the proxy on 127.0.0.1 that everything goes through. */
  proxyPort: number;
  locale: string;
  isHeadless: boolean;
}): string[] {
  return [
    ...FLAGS,
    ...(options.isHeadless ? ['--headless'] : []),
    `--lang=${options.locale}`,
    `--accept-lang=${options.locale}`,
    `--proxy-server=socks5://127.0.0.1:${options.proxyPort}`,
    // By default addresses of this machine would go around the proxy.
    '--proxy-bypass-list=<-loopback>',
    `--user-data-dir=${options.profile}`,
    `--disable-extensions-except=${options.extension}`,
    `--load-extension=${options.extension}`,
    'about:blank',
  ];
}
