import preact from '@preact/preset-vite';
import { mergeConfig, type Plugin, type UserConfig } from 'vite';
import { defineConfig } from 'wxt';

/**
 * What the extension may run and reach. Only its own code; encrypted chat servers anywhere, plain
 * ones on this computer only. Written out because Firefox's default for MV3 also upgrades `ws:`
 * to `wss:`, which no server on this computer could answer (seen in Firefox 153).
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' wss: ws://127.0.0.1:* ws://localhost:*",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Takes `dangerouslySetInnerHTML` out of Preact, so that nothing in Unsay can write HTML, whatever
 * is asked of it. A Preact that writes it in another way fails the build.
 */
function withoutHtml(): Plugin {
  const writing = 't.innerHTML=h.__html';
  return {
    name: 'without-html',
    transform(code, id) {
      if (!id.endsWith('/preact/dist/preact.mjs')) return;
      if (code.split(writing).length !== 2)
        this.error('Preact writes HTML in a way not known here.');
      return { code: code.replace(writing, 'void 0'), map: null };
    },
  };
}

/** Builds made of these types only are of pages of our own; so is this script, by its name. */
const pages: readonly string[] = ['popup', 'options', 'sidepanel', 'unlisted-page'];
const pageScript = 'popup-first';

/**
 * Gives our own pages the browser's API as it is: both browsers answer their calls with promises
 * themselves, and the polyfill was a tenth of what opens with the popup. The worker keeps it.
 */
function withoutPolyfill(): Plugin {
  const name = 'webextension-polyfill';
  return {
    name: 'without-polyfill',
    enforce: 'pre',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) =>
      id === `\0${name}` ? 'export default globalThis.browser ?? globalThis.chrome;' : undefined,
  };
}

/** A stretch of a script. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A part of a parsed script, as far as it matters here. */
type Part = Stretch & { readonly type?: string; readonly key?: { readonly name?: string } };

/** Where in a parsed table of questions it says of each who may ask it, and what: `from: …, ask: …,`. */
function questionsIn(node: unknown): Stretch[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('properties' in node && Array.isArray(node.properties)) {
    const parts = node.properties as readonly Part[];
    const [from, ask, answer] = ['from', 'ask', 'answer'].map((name) =>
      parts.find(({ type, key }) => type === 'Property' && key?.name === name),
    );
    if (from && ask && answer) return [{ start: from.start, end: answer.start }];
  }
  return Object.values(node).flatMap(questionsIn);
}

/**
 * Leaves out of what runs in chat pages what checks questions: there answers are checked only, and the
 * worker checks each question on its arrival. Our own pages check by it what people fill in.
 */
function withoutQuestions(): Plugin {
  return {
    name: 'without-questions',
    transform(code, id) {
      if (!id.includes('/src/contract/lines/') || id.endsWith('/line.ts')) return;
      const questions = questionsIn(this.parse(code));
      if (questions.length !== code.split(/^\s*ask:/mu).length - 1) {
        this.error('A table of questions is written in a way not known here.');
      }
      return { code: without(code, questions), map: null };
    },
  };
}

/** How valibot takes down what is wrong with a value, in words and with the value. */
const whatIsWrong = /^function _addIssue\(.*?^\}/msu;

/**
 * Leaves that out of what runs in chat pages, where an answer that does not fit is no answer and nobody
 * reads why.
 */
function withoutReasons(): Plugin {
  return {
    name: 'without-reasons',
    transform(code, id) {
      if (!id.endsWith('/valibot/dist/index.mjs')) return;
      if (!whatIsWrong.test(code)) this.error('valibot is not the one known here.');
      const taken = `function _addIssue({ kind }, label, dataset) {
        if (kind === 'schema') dataset.typed = false;
        (dataset.issues ??= []).push({});
      }`;
      return { code: code.replace(whatIsWrong, () => taken), map: null };
    },
  };
}

/** Parts of WXT that come with every script and do nothing here, and what stands in for them. */
const idle: Readonly<Record<string, string>> = {
  // Nobody here listens for changes of the page's address.
  'location-watcher.mjs': 'export const createLocationWatcher = () => ({ run: () => undefined });',
  // Built for use it writes nothing.
  'logger.mjs':
    'const none = () => undefined; export const logger = { debug: none, log: none, warn: none, error: none };',
};

/** What WXT gives a content script besides the news of its end; nothing here calls it. */
const uncalled: readonly string[] = [
  ...['isInvalid', 'isValid', 'block', 'setInterval', 'setTimeout', 'addEventListener'],
  ...['requestAnimationFrame', 'requestIdleCallback'],
];

/** Where in a parsed class it says how something is done that nothing calls. */
function uncalledIn(node: unknown): Stretch[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('type' in node && node.type === 'MethodDefinition') {
    const { key, start, end } = node as unknown as Part;
    return uncalled.includes(key?.name ?? '') ? [{ start, end }] : [];
  }
  return Object.values(node).flatMap(uncalledIn);
}

/** A script without these stretches, which are in order. */
function without(code: string, stretches: readonly Stretch[]): string {
  return stretches.reduceRight((all, { start, end }) => all.slice(0, start) + all.slice(end), code);
}

/** WXT's event of a changed address, which a bundler takes for something that runs. */
const changedAddress = /(?<= = )class WxtLocationChangeEvent extends Event \{.*?^\}(?=;)/msu;

/** Leaves those parts out. */
function withoutIdle(): Plugin {
  return {
    name: 'without-idle',
    load: (id) => idle[/\/wxt\/dist\/utils\/internal\/([\w-]+\.mjs)$/u.exec(id)?.[1] ?? ''],
    transform(code, id) {
      if (id.endsWith('/wxt/dist/utils/internal/custom-events.mjs')) {
        if (!changedAddress.test(code)) this.error('WXT’s events are not those known here.');
        return { code: code.replace(changedAddress, 'undefined'), map: null };
      }
      if (!id.endsWith('/wxt/dist/utils/content-script-context.mjs')) return;
      const found = uncalledIn(this.parse(code));
      if (found.length !== uncalled.length) this.error('WXT’s context is not the one known here.');
      return { code: without(code, found), map: null };
    },
  };
}

/**
 * Takes the line breaks out of style sheets: a minified script has no others after a bracket, a comma or
 * a semicolon.
 */
function withoutBreaks(): Plugin {
  return {
    name: 'without-breaks',
    generateBundle(_, bundle) {
      for (const part of Object.values(bundle)) {
        if (part.type === 'chunk') part.code = part.code.replace(/([{},;])\n\s*/gu, '$1');
      }
    },
  };
}

/** How scripts are started, by their kind. */
const frames: Readonly<Record<string, (script: string) => string>> = {
  '\0virtual:wxt-unlisted-script-entrypoint?': (script) =>
    `import script from '${script}'; export default script.main();`,
  '\0virtual:wxt-content-script-isolated-world-entrypoint?': (script) =>
    `import script from '${script}';
     import { ContentScriptContext } from 'wxt/utils/content-script-context';
     export default script.main(new ContentScriptContext(import.meta.env.ENTRYPOINT, script));`,
};

/**
 * Starts a script of a chat page without what WXT puts around it: that writes to a log how it failed,
 * which built for use writes nothing, and starts WXT's plugins, of which there are none.
 */
function withoutFrame(): Plugin {
  return {
    name: 'without-frame',
    enforce: 'pre',
    load(id) {
      const [name, frame] = Object.entries(frames).find(([start]) => id.startsWith(start)) ?? [];
      return name && frame?.(id.slice(name.length));
    },
  };
}

/**
 * Puts numbers and words that have a name where they are used: a name of the whole script that is no
 * `var` is known to stay what it is.
 */
const inlined: UserConfig = {
  build: {
    rolldownOptions: {
      optimization: { inlineConst: { mode: 'all', pass: 3 } },
      output: { topLevelVar: false },
    },
  },
};

/** Scripts that come into a chat page after its first one, in the same world. */
const latecomers: readonly string[] = ['hands', 'bar', 'tools'];

/** What they do not carry themselves, and where it comes from. */
const shared: Readonly<Record<string, readonly string[]>> = {
  '/.wxt/i18n/index.ts': ['i18n'],
  '/src/ui/plain.ts': ['plainText'],
  '/src/page/shadow.ts': ['makeIsland', 'writeWords'],
  '/src/page/mark.ts': ['mark'],
  '/src/page/server-clock.ts': ['carryOn', 'ownReadings'],
};

/** Gives latecomers what the first script hands on; see `page/hands/shared.ts`. */
function withShared(): Plugin {
  return {
    name: 'with-shared',
    load(id) {
      const [, names] = Object.entries(shared).find(([file]) => id.endsWith(file)) ?? [];
      return names
        ?.map((name) => `export const ${name} = globalThis.unsayShared.${name};`)
        .join('\n');
    },
  };
}

export default defineConfig({
  srcDir: '.',
  modules: ['@wxt-dev/i18n/module', '@wxt-dev/auto-icons'],
  i18n: { localesDir: 'src/locales' },
  autoIcons: { baseIconPath: 'public/icon.svg', developmentIndicator: false },
  imports: false,
  manifestVersion: 3,
  // Every browser we run in knows how to load modules ahead.
  vite: () => ({
    plugins: [preact(), withoutHtml(), withoutIdle()],
    // In kB: the SDK is not ours to cut up.
    build: { modulePreload: { polyfill: false }, chunkSizeWarningLimit: 700 },
  }),
  hooks: {
    // Built by itself the popup is one script and one style sheet without what other pages use of them,
    // and the worker, where it is a module, one script beside the SDK.
    'entrypoints:grouped'(_, groups) {
      for (const type of ['popup', 'background']) {
        for (const group of [...groups]) {
          if (!Array.isArray(group)) continue;
          const alone = group.filter((one) => one.type === type);
          if (alone.length === 0) continue;
          const others = group.filter((one) => one.type !== type);
          groups.splice(groups.indexOf(group), 1, alone, ...(others.length > 0 ? [others] : []));
        }
      }
    },
    'vite:build:extendConfig'(entrypoints, config) {
      if (entrypoints.every(({ type, name }) => pages.includes(type) || name === pageScript)) {
        config.plugins = [...(config.plugins ?? []), withoutPolyfill()];
      }
      if (
        entrypoints.every(
          ({ name, type }) => type === 'content-script' || latecomers.includes(name),
        )
      ) {
        const plugins = [withoutQuestions(), withoutReasons(), withoutBreaks(), withoutFrame()];
        config.plugins = [...(config.plugins ?? []), ...plugins];
        Object.assign(config, mergeConfig(config, inlined));
      }
      if (entrypoints.every(({ name }) => latecomers.includes(name))) {
        config.plugins = [...(config.plugins ?? []), withShared()];
      }
    },
  },
  zip: {
    // What the extension is built from, and how; it gives the same bytes (test/store/zip.test.ts).
    includeSources: [
      ...['entrypoints/**', 'src/**', 'public/**', 'test/setup/**', 'test/store/**'],
      ...['package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'wxt.config.ts'],
      ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'PRIVACY.md', 'POLICY.md', 'LICENSE'],
    ],
  },
  manifest: ({ browser }) => ({
    name: '__MSG_app_name__',
    short_name: '__MSG_app_short__',
    description: '__MSG_app_description__',
    default_locale: 'en',
    // What is written in a private window must not be cached, so Unsay is not there at all.
    incognito: 'not_allowed',
    permissions: ['storage', 'alarms', 'scripting', 'activeTab', 'contextMenus'],
    commands: {
      'recall-last': {
        suggested_key: { default: 'Ctrl+Shift+9', mac: 'Command+Shift+9' },
        description: '__MSG_command_recallLast__',
        // Also while another program has the keyboard; Firefox knows no such keys.
        ...(browser === 'firefox' ? {} : { global: true }),
      },
      'open-sweep': {
        suggested_key: { default: 'Ctrl+Shift+8', mac: 'Command+Shift+8' },
        description: '__MSG_command_openSweep__',
        ...(browser === 'firefox' ? {} : { global: true }),
      },
    },
    optional_permissions: ['notifications'],
    optional_host_permissions: ['https://*/*', 'http://*/*'],
    content_security_policy: { extension_pages: contentSecurityPolicy },
    ...(browser === 'firefox'
      ? {
          // Else it lies behind the puzzle piece, where its count is not seen. Chrome leaves that to people.
          action: { default_area: 'navbar' },
          browser_specific_settings: {
            gecko: {
              id: 'unsay@unsay.chat',
              // 142 is the first that knows data_collection_permissions on every system.
              strict_min_version: '142.0',
              data_collection_permissions: {
                required: ['personalCommunications', 'authenticationInfo'],
              },
            },
          },
        }
      : {
          minimum_chrome_version: '120',
          // Firefox takes a policy as it comes, without a schema.
          storage: { managed_schema: 'managed-schema.json' },
        }),
  }),
});
