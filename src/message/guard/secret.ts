import { namesSecret } from './named-secret.ts';

/**
 * Whether a text holds what should not be read by the wrong people: keys and tokens by the shapes
 * their makers document, card numbers that pass their own check, passwords and codes that are named
 * as such. Judged by shape alone, so that nothing has to be looked up.
 */
export function holdsSecret(text: string): boolean {
  // Digits, letters and colons of full width are written in East Asia, and mean the same.
  const plain = text.normalize('NFKC');
  return (
    tokens.some((token) => token.test(plain)) ||
    namesSecret(plain) ||
    holdsCard(plain) ||
    holdsResidentId(plain)
  );
}

/** Bounded where something else has to follow: else many beginnings would each cost all the rest. */
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
  /\b[rs]k[-_](?=[\w-]{0,200}\d)[\w-]{20}/u,
  // A signed web token.
  /\beyJ[\w-]{8,1000}\.eyJ[\w-]{8,4000}\.[\w-]{8}/u,
];

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
