/*
 * The SDK, prepared. The ES build and its group module are 621 kB (163 kB gzipped) as published in
 * 3.6.6; the package's main file, ES5 with every module, is 726 kB (174 kB) and reads a friend list
 * at every sign-in. Modules are handed to `create()`.
 *
 * The first import must stay the first: bundlers keep the order of imports inside one module only.
 */
import { giveConsoleBack } from './realm.ts';
import TencentCloudChat from '@tencentcloud/chat/index.es.js';
import GroupModule from '@tencentcloud/chat/modules/group-module.js';
import type { Chat } from './sdk-shape.ts';

giveConsoleBack();

/**
 * Nothing is printed anyway (see `realm.ts`), and at this level nothing is put into words for it
 * either. 3 would be errors, 1 and below user ids, below 0 whole frames.
 */
const silent = 4;

/**
 * An SDK instance, its socket already opening. There is one per SDKAppID and realm: `create()`
 * returns the same object again until `destroy()` is through, so callers take turns.
 *
 * `isSecondHost` starts with the common host in place of the app's own, for when that one does not
 * answer: before the first sign-in an instance tries a single host (seen with 3.6.6).
 *
 * Throws when the app or the server's address is none.
 */
export function createChat(
  sdkAppId: number,
  server: string | undefined,
  isSecondHost: boolean,
): Chat {
  const chat = TencentCloudChat.create({
    SDKAppID: sdkAppId,
    ...(server === undefined ? {} : { proxyServer: server }),
    disableIndependentDomain: isSecondHost,
    eventThrottling: false,
    modules: { 'group-module': GroupModule },
  }) as Chat | null;
  if (!chat) throw new TypeError('The SDKAppID is not a number.');
  chat.setLogLevel(silent);
  return chat;
}
