/**
 * Whether a text holds what should not be read by the wrong people: keys and tokens by the shapes
 * their makers document, card numbers that pass their own check, passwords and one-time codes that
 * are named as such. Judged by shape alone, so that nothing has to be looked up.
 */
export function holdsSecret(text: string): boolean {
  return (
    tokens.some((token) => token.test(text)) ||
    holdsPassword(text) ||
    oneTimeCode.test(text) ||
    holdsCard(text) ||
    holdsResidentId(text)
  );
}

const tokens = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/u,
  // Amazon, Tencent Cloud, GitHub, GitLab, npm, Slack, Google, Stripe, OpenAI and their like.
  /\bA(?:KIA|SIA)[0-9A-Z]{16}\b/u,
  /\bAKID[0-9A-Za-z]{13,40}\b/u,
  /\bgh[pousr]_[0-9A-Za-z]{36,}\b/u,
  /\bgithub_pat_\w{50,}/u,
  /\bglpat-[\w-]{20,}/u,
  /\bnpm_[0-9A-Za-z]{36}\b/u,
  /\bxox[abeprs]-[\w-]{10,}/u,
  /\bAIza[\w-]{35}/u,
  /\b[rs]k[-_](?=[\w-]*\d)[\w-]{20,}/u,
  // A signed web token.
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/u,
];

/** "Password: …" and "密码是…", where what follows could be one: ASCII, with a digit or a sign in it. */
const namedPassword =
  /(?:pass(?:word|wd|code|phrase)|\bpwd\b|\bpw\b|密码|口令)\s*(?:is|are|=|:|：|是|为)\s*["'“‘「]?([\x21-\x7e]{4,})/giu;

function holdsPassword(text: string): boolean {
  return [...text.matchAll(namedPassword)].some(([, found = '']) => {
    const value = found.replace(/["'.,!?;:)]+$/u, '');
    return value.length >= 4 && /[\d!@#$%^&*_+=]/u.test(value) && !/^https?:/iu.test(value);
  });
}

const oneTimeCode =
  /(?:验证码|校验码|verification code|security code|one-time code|\botp\b)[^\d\n]{0,12}\d{4,8}(?!\d)/iu;

/** Runs of digits as people write numbers of cards: in groups or not. */
const digitRuns = /(?<![\w.\-/=#])\d(?:[ -]?\d){12,18}(?![\w\-/])/gu;
/** How numbers begin that the card networks give out, with their lengths. */
const networks = [
  /^4(?:\d{12}|\d{15}|\d{18})$/u,
  /^(?:5[1-5]|2[2-7])\d{14}$/u,
  /^3[47]\d{13}$/u,
  /^(?:6011|65\d\d|64[4-9]\d)\d{12}$/u,
  /^35\d{14}$/u,
  /^62\d{14,17}$/u,
];

function holdsCard(text: string): boolean {
  return [...text.matchAll(digitRuns)].some(([run]) => {
    const digits = run.replace(/\D/gu, '');
    return networks.some((network) => network.test(digits)) && passesLuhn(digits);
  });
}

/** The check digit of ISO/IEC 7812. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Weights of GB 11643, the number of Chinese identity cards. */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function holdsResidentId(text: string): boolean {
  return [
    ...text.matchAll(/(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d{4}[\dX](?!\d)/giu),
  ].some(([id]) => {
    const sum = weights.reduce((total, weight, at) => total + weight * Number(id[at]), 0);
    return '10X98765432'[sum % 11] === id[17]?.toUpperCase();
  });
}
