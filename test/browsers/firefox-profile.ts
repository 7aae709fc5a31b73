import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeXpi } from './xpi.ts';

/** Fixed, so that the extension's address is known and its storage is found again after a restart. */
export const EXTENSION_UUID = '5a1f0c1e-7d62-4b8e-9a34-c0ffee5eca11';

const PREFERENCES = {
  // An unsigned extension put into the profile's folder is installed and switched on.
  'xpinstall.signatures.required': false,
  'extensions.autoDisableScopes': 0,
  'extensions.enabledScopes': 5,
  // Quick and quiet start and end.
  'browser.startup.page': 0,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.newtabpage.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'browser.sessionstore.resume_from_crash': false,
  'toolkit.startup.max_resumed_crashes': -1,
  'browser.tabs.warnOnClose': false,
  'browser.warnOnQuit': false,
  'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
  'termsofuse.bypassNotification': true,
  // Animations would have to be waited for.
  'toolkit.cosmeticAnimations.enabled': false,
  // Popups close when another window takes the focus; headless windows have no focus to lose.
  'ui.popup.disable_autohide': false,
  // Shows notices itself: where no desktop runs, the system would have closed each at once.
  'alerts.useSystemBackend': false,
  // Nothing but the tests' own pages may be spoken to.
  'app.normandy.enabled': false,
  'app.update.auto': false,
  'app.update.disabledForTesting': true,
  'browser.discovery.enabled': false,
  'browser.newtabpage.activity-stream.feeds.system.topstories': false,
  'browser.ping-centre.telemetry': false,
  'browser.region.network.url': '',
  'browser.region.update.enabled': false,
  'browser.safebrowsing.blockedURIs.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.safebrowsing.provider.google4.updateURL': '',
  'browser.safebrowsing.provider.mozilla.updateURL': '',
  'browser.search.update': false,
  'browser.topsites.contile.enabled': false,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.usage.uploadEnabled': false,
  'dom.push.connection.enabled': false,
  'extensions.getAddons.cache.enabled': false,
  'extensions.systemAddon.update.enabled': false,
  'extensions.update.enabled': false,
  'geo.provider.network.url': '',
  'media.gmp-manager.updateEnabled': false,
  'media.gmp-manager.url': '',
  'messaging-system.rsexperimentloader.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.disablePrefetch': true,
  'network.http.speculative-parallel-limit': 0,
  'network.prefetch-next': false,
  'network.trr.mode': 5,
  'nimbus.rollouts.enabled': false,
  'security.OCSP.enabled': 0,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'signon.autofillForms': false,
  'toolkit.telemetry.enabled': false,
  'toolkit.telemetry.server': '',
  'toolkit.telemetry.unified': false,
  // Everything goes through the test's proxy, addresses of this machine too.
  'network.proxy.socks_version': 5,
  'network.proxy.socks5_remote_dns': true,
  'network.proxy.socks_remote_dns': true,
  'network.proxy.allow_hijacking_localhost': true,
  'network.proxy.no_proxies_on': '',
  // Loopback goes away with the rest when the browser is set offline.
  'network.disable-localhost-when-offline': true,
  'network.manage-offline-status': false,
};

/**
 * Puts preferences and, the first time, the extension (of that id) into a profile.
 */
export function fillProfile(
  profile: string,
  extension: string,
  { id, locale, proxyPort }: { id: string; locale: string; proxyPort: number },
): void {
  const preferences = {
    ...PREFERENCES,
    'extensions.webextensions.uuids': JSON.stringify({ [id]: EXTENSION_UUID }),
    'network.proxy.type': 1,
    'network.proxy.socks': '127.0.0.1',
    'network.proxy.socks_port': proxyPort,
    'intl.locale.requested': locale,
    'intl.accept_languages': locale === 'en-US' ? 'en-US, en' : `${locale}, en-US`,
  };
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(profile, 'user.js'), `${lines.join('\n')}\n`);
  const xpi = join(profile, 'extensions', `${id}.xpi`);
  if (!existsSync(xpi)) {
    mkdirSync(join(profile, 'extensions'), { recursive: true });
    writeXpi(extension, xpi);
  }
}
