/*
 * Makes the realm fit for the SDK; must run before the SDK's modules do, so only `sdk.ts` imports
 * it, in front of them.
 *
 * A service worker needs nothing: without a document SDK 3.6.6 starts no Worker, keeps nothing in
 * storage and asks nothing over HTTP. A Firefox background page has a document, and there the SDK
 * would
 * - start `blob:` workers, which the extension's content security policy blocks: it then hangs
 *   without any error (seen in Firefox 153);
 * - write the last words of twenty conversations to localStorage (`TIM_<app>_<user>_conversationMap`),
 *   where no recall reaches them;
 * - fetch texts of errors and send diagnostics to hosts of its own choosing by XMLHttpRequest.
 * Without these three the SDK takes the same paths as in a service worker. Nothing else in the
 * background uses them; `fetch` and the window's online and offline events stay.
 */
if (typeof document !== 'undefined') {
  for (const name of ['Worker', 'localStorage', 'XMLHttpRequest']) {
    Object.defineProperty(globalThis, name, { value: undefined, configurable: true });
  }
}

const { console } = globalThis;

/*
 * The SDK's modules take hold of the console while they load. `setLogLevel` quietens only one of
 * them; the group module has a level of its own that nobody can reach, and prints names and ids of
 * groups (seen with 3.6.6). So they take hold of an empty one, which they fill with functions that
 * do nothing.
 */
globalThis.console = {} as Console;

/** To be called when the SDK has loaded. */
export function giveConsoleBack(): void {
  globalThis.console = console;
}
