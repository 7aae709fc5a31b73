import * as v from 'valibot';

/** An origin as the browser writes it: scheme, host and port only. */
export const Origin = v.pipe(v.string(), v.maxLength(300), v.regex(/^https?:\/\/[^/\s]+$/u));
