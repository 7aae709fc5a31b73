/** Who opens a chat page, on which server, and what they look at first. */
export interface Visit {
  /** Address of the chat server, such as `ws://127.0.0.1:7001`. */
  readonly server: string;
  readonly sdkAppId: number;
  readonly userId: string;
  readonly userSig: string;
  /** Conversation shown at the start, such as `C2Cbob` or `GROUPteam`. None: the list alone. */
  readonly conversation?: string;
  /** Language of the page, `en` unless told otherwise. */
  readonly lang?: 'en' | 'zh';
  /** The page waits with signing in until it is told, see `attendance.ts`. */
  readonly isLate?: boolean;
}

/** The visit as the fragment of a page's address (without `#`), which is never sent to a server. */
export function writeVisit(visit: Visit): string {
  const fields = new URLSearchParams({
    server: visit.server,
    sdkAppId: String(visit.sdkAppId),
    userId: visit.userId,
    userSig: visit.userSig,
    lang: visit.lang ?? 'en',
  });
  if (visit.isLate === true) fields.set('late', '');
  if (visit.conversation !== undefined) fields.set('conversation', visit.conversation);
  return fields.toString();
}

/** Reads what {@link writeVisit} wrote. Throws an error that names a missing or wrong field. */
export function readVisit(fragment: string): Visit {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const field = (name: string): string => {
    const value = fields.get(name);
    if (value === null || value === '') throw new Error(`The page's address lacks "${name}".`);
    return value;
  };
  const sdkAppId = Number(field('sdkAppId'));
  if (!Number.isSafeInteger(sdkAppId))
    throw new Error('"sdkAppId" in the page\'s address is no number.');
  const conversation = fields.get('conversation');
  return {
    server: field('server'),
    sdkAppId,
    userId: field('userId'),
    userSig: field('userSig'),
    lang: fields.get('lang') === 'zh' ? 'zh' : 'en',
    ...(conversation === null ? {} : { conversation }),
    ...(fields.has('late') ? { isLate: true } : {}),
  };
}
