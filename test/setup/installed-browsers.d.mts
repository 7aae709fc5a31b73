/** The command that starts Chromium: what UNSAY_CHROMIUM names, else the first usable one on PATH. */
export function findChromium(): string | undefined;

/** The command that starts Firefox: what UNSAY_FIREFOX names, else the first on PATH that is new enough. */
export function findFirefox(): string | undefined;
