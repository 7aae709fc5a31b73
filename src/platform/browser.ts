/** The one door to the browser's extension API, the same in Chrome and Firefox. */
export { default as browser } from 'webextension-polyfill';
export type { Menus, Runtime, Tabs, Storage } from 'webextension-polyfill';
