/* global WebSocket, Worker, URLSearchParams, window, location */

// Runs in each chat page before anything else and sends the chat SDK's socket to the server named
// in the page's address. `@tencentcloud/lite-chat` (1.6.13 and 4.2.1) declares the option
// `proxyServer` and never reads it, and opens its socket in a worker made from a blob, which it
// tells the address by message: so both the message and the socket are changed here.
(() => {
  const server = new URLSearchParams(location.hash.slice(1)).get('server');

  // Only the fragment differs between two users' pages, and a new fragment alone loads nothing.
  window.addEventListener('hashchange', () => {
    location.reload();
  });

  if (server === null) return;

  function redirect(address) {
    const asked = new URL(address, location.href);
    const isChatSocket = /^wss?:$/.test(asked.protocol) && /^\/b?info$/.test(asked.pathname);
    return isChatSocket ? new URL(asked.pathname + asked.search, server).href : address;
  }

  window.WebSocket = class extends WebSocket {
    constructor(address, protocols) {
      super(redirect(address), protocols);
    }
  };

  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (message, ...rest) {
    const isConnect = typeof message === 'object' && typeof message?.url === 'string';
    post.call(this, isConnect ? { ...message, url: redirect(message.url) } : message, ...rest);
  };
})();
