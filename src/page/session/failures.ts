/** The SDK's and the service's own numbers; see `chat/tencent/codes.ts` and `message/recall.ts`. */
export const codes = {
  notSignedIn: 2024,
  failed: 2903,
  badParameter: 10_004,
  noModule: 2998,
  notFound: 20_022,
  alreadyRecalled: 20_023,
};

interface Failure {
  readonly code: number;
}

/** What is thrown for a call that cannot be answered. */
export function failure(code: number): Error & Failure {
  return Object.assign(new Error(), { code });
}

/** The code of what an SDK, or the page, threw. */
export function codeOf(error: unknown): number {
  try {
    const { code } = error as Partial<Failure>;
    return typeof code === 'number' ? code : codes.failed;
  } catch {
    return codes.failed;
  }
}
