import * as v from 'valibot';

/** A chat server's address: encrypted, or on this computer. See `wxt.config.ts` for the same rule as CSP. */
export const ServerAddress = v.pipe(
  v.string(),
  v.maxLength(300),
  v.regex(/^(?:wss:\/\/[^\s/]+|ws:\/\/(?:127\.0\.0\.1|localhost)(?::\d{1,5})?)\/?$/u),
);
