/** The one door to the browser's extension API, the same in Chrome and Firefox. */
export { default as browser } from 'webextension-polyfill';
export type { Runtime, Tabs, Storage } from 'webextension-polyfill';
