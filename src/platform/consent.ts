import * as v from 'valibot';
import { browser } from './browser.ts';
import { agreementIn, readManaged, readerOf } from './managed.ts';
import { stored } from './stored.ts';

/** Raised when Unsay comes to read, keep or send more: everybody is then asked anew. */
export const consentVersion = 1;

const Consent = v.object({
  version: v.number(),
  /** When, ms of this computer's clock. */
  at: v.number(),
});
/** Where it lies in `storage.local`. */
export const consentKey = 'consent';
const kept = stored('local', consentKey, v.optional(Consent), undefined);

/** Who agreed to what Unsay does: nobody yet, the user (when: ms), or whoever manages the browser. */
export type Consent =
  | { readonly by: 'nobody' }
  | { readonly by: 'user'; readonly at: number }
  | { readonly by: 'policy' };

export async function readConsent(): Promise<Consent> {
  if (agreementIn(readerOf(await readManaged()))) return { by: 'policy' };
  const found = await kept.read();
  return found && found.version >= consentVersion ? { by: 'user', at: found.at } : { by: 'nobody' };
}

/** Whether Unsay may read, keep and send anything at all. */
export async function isAgreed(): Promise<boolean> {
  return (await readConsent()).by !== 'nobody';
}

/** Whether the user agreed to what an older version read, kept and sent, and not to what this one does. */
export async function hasAgreedToLess(): Promise<boolean> {
  const found = await kept.read();
  return found !== undefined && found.version < consentVersion;
}

/** The user agreed on the welcome page. */
export async function keepConsent(): Promise<void> {
  await kept.write({ version: consentVersion, at: Date.now() });
}

export async function dropConsent(): Promise<void> {
  await kept.clear();
}

/** Calls `changed` once, when the user next agrees or takes it back, wherever that happens. */
export function onceConsentChanges(changed: () => void): void {
  const look = (changes: object, area: string): void => {
    if (area !== 'local' || !Object.hasOwn(changes, consentKey)) return;
    browser.storage.onChanged.removeListener(look);
    changed();
  };
  browser.storage.onChanged.addListener(look);
}

/** Shows the page that explains Unsay and asks for the consent. */
export async function openWelcome(): Promise<void> {
  await browser.tabs.create({ url: browser.runtime.getURL('/welcome.html') });
}
