import preact from '@preact/preset-vite';
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

export default defineConfig({
  srcDir: '.',
  modules: ['@wxt-dev/i18n/module', '@wxt-dev/auto-icons'],
  i18n: { localesDir: 'src/locales' },
  autoIcons: { baseIconPath: 'public/icon.svg', developmentIndicator: false },
  imports: false,
  manifestVersion: 3,
  vite: () => ({ plugins: [preact()] }),
  manifest: ({ browser }) => ({
    name: '__MSG_app_name__',
    short_name: '__MSG_app_short__',
    description: '__MSG_app_description__',
    default_locale: 'en',
    permissions: ['storage', 'alarms', 'scripting', 'activeTab'],
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
          browser_specific_settings: {
            gecko: {
              id: 'unsay@unsay.chat',
              // 140 is the first ESR that knows data_collection_permissions.
              strict_min_version: '140.0',
              data_collection_permissions: {
                required: ['personalCommunications', 'authenticationInfo'],
              },
            },
          },
        }
      : { minimum_chrome_version: '120' }),
  }),
});
