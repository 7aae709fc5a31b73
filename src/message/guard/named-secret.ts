/**
 * Passwords and codes that are named as such, in the languages Unsay speaks, as people write them:
 * name, what stands between ("is", a colon, a particle), value. Everything is bounded: a text that
 * only begins like one, however often, costs no more than its length. Texts come NFKC-normalized.
 */

/** What a password is called. パス alone is a path as well. */
const password =
  'pass(?:word|wd|code|phrase)|\\bpwd\\b|\\bpw\\b|密[码碼]|口令|パス(?:ワード|コード|フレーズ)|(?<![ァ-ヶー])パス(?![は:を\\s]{0,3}[\\w.~:-]{0,40}[\\\\/])|비밀\\s?번호|비번|패스\\s?(?:워드|코드)|암호';
/** What a code of digits is called: one-time codes, PINs. */
const code = [
  '(?:verification|security|one-time|login|log-in|sign-in|access|authentication|2fa|sms) (?:pass)?code',
  'one-time (?:password|pin)|\\botp\\b(?:\\s?(?:密[码碼]|번호))?',
  '\\bpin\\b(?:\\s?(?:code|number|[码碼]|コード|番号|번호|코드))?',
  '(?:[验驗][证證]|校[验驗]|[认認][证證]|[动動][态態]|短信|[簡简][訊讯]|安全)[码碼]|(?:[动動][态態]|一次性)密[码碼]',
  '(?:認証|確認|検証|セキュリティ)(?:用)?コード|(?:認証|暗証)番号|ワンタイム(?:コード|パスワード)',
  '인증\\s?번호|(?:인증|확인|보안)\\s?코드|일회용\\s?(?:비밀\\s?번호|코드)|핀\\s?(?:번호|코드)',
].join('|');

/** For what it is: "password for staging is", "验证码（登录）：". */
const purpose = "(?: (?:for|to|of|from) [\\p{L}\\p{N}' -]{1,24}?|\\([^()\\d\\n]{1,12}\\))?";
/** What says that the value comes now. */
const link =
  '(?:(?:is|was|are|to)\\b|=|:|是|[為为]|[改換换設设][成為为]|[設设]定[為为]|は|が|を|[은는이가을를])';
/** "As follows", and a new line. */
const below = '(?:如下|(?:以下|下記|次|こちら|아래|다음)[\\p{L} ]{0,8})[:。.]?\\s{1,4}';
const opening = '["\'“‘「『【\\[(]{0,2}';

/** What follows a number that is counted or tells a time, and is no code. */
const unit =
  '\\s?(?:年|月|日|[時时分秒点點]|[個个位桁字文回次度件人円元万]|[码碼]|以[上下内內]|까지|부터|[년월일시분초자개회원명])';

const namedPassword = new RegExp(
  `(?:${password})${purpose}\\s{0,4}(?:${link}\\s{0,4}(?:${below})?:?\\s{0,4}|${below}|(?<=[^\\x00-\\x7f])|(?<=[^\\x00-\\x7f]\\s{1,2}))${opening}([\\x21-\\x7e]{4,64})(${unit})?`,
  'giu',
);

const digits = `(?:\\d{4,8}|\\d{3}[ -]\\d{3})(?![\\d%]|[-/.:]\\d|${unit})`;
const gap = `${purpose}\\s{0,4}(?:${link}|->|#)?:?\\s{0,4}${opening}(?:[a-z]-)?`;
const namedCode = new RegExp(
  [
    `(?:${code})${gap}${digits}`,
    // "482913 is your code": as the messages say that bring one.
    `(?<![\\d.:/]|\\d-)${digits}\\s{0,2}(?:is your|是[你您妳]的|は|が|[이가]|\\()[^\\d\\n]{0,24}?(?:${code})`,
  ].join('|'),
  'iu',
);

/** What follows the name of a password without being one. */
const others = [
  /^https?:/iu,
  // Masked, or the name of where it stands.
  /^[^a-z\d]*$/iu,
  /^[$<{]+[a-z_]*[>}]*$/iu,
  /^[\w$]+(?:\.\w+)+[[(]/u,
  /^[#@][a-z_-]+$/iu,
  /^[^@\s]+@[a-z\d-]+(?:\.[a-z\d-]+)*\.[a-z]{2,}$/iu,
  // Dates, times, lengths, telephone numbers.
  /^\d{1,4}[/.:~-]\d{1,2}(?:[/.:-]\d{1,4})?$/u,
  /^\d{2,4}-\d{3,4}(?:-\d{3,4})?$/u,
  // How it is kept.
  /^(?:sha|md|wpa|aes|rsa|base|utf|bcrypt|argon)-?\d+$/iu,
];

/** Whether a text tells a password, a PIN or a one-time code by its name. */
export function namesSecret(text: string): boolean {
  return namedCode.test(text) || [...text.matchAll(namedPassword)].some(isPassword);
}

/** What follows could be one: ASCII, with a digit or a sign in it. */
function isPassword([, found = '', counted]: RegExpExecArray): boolean {
  const value = found.replace(/["'.,!?;:)\]]{1,64}$/u, '');
  if (counted !== undefined && /^[\d~/.:-]+$/u.test(value)) return false;
  return (
    value.length >= 4 &&
    /[\d!@#$%^&*_+=]/u.test(value) &&
    !others.some((other) => other.test(value))
  );
}
