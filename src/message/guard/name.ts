const greetings =
  'hi|hello|hey|hiya|dear|morning|good morning|good afternoon|good evening|thanks|thank you|sorry|ok|okay|yes|no';
const greetingsZh = '你好|您好|嗨|哈喽|早|早安|早上好|下午好|晚上好|晚安|亲爱的|谢谢|对不起|抱歉';
/** What stands between a name and what is said to its bearer. */
const pause = '[,，:：!！、~～]';

/** Names shorter than this (letters) are words too often. */
const shortest = 2;

/**
 * Whether a text speaks to one of `others` by name, at its beginning ("Hi Carol", "小王，") or with
 * an @, while nobody `here` bears that name. Both are names as the service has them.
 */
export function speaksToAnother(
  text: string,
  here: readonly string[],
  others: readonly string[],
): boolean {
  const head = text.slice(0, 400).trim();
  const present = here.map(fold);
  return others.some((name) =>
    callsOf(name).some(
      (call) =>
        !present.some(
          (one) => one.includes(fold(call)) || (one !== '' && fold(call).includes(one)),
        ) && isAddressed(head, call),
    ),
  );
}

function fold(name: string): string {
  return name.normalize('NFKC').trim().toLocaleLowerCase();
}

/** What somebody may be called by: the whole name; of Western names also the first. */
function callsOf(name: string): string[] {
  const whole = name.normalize('NFKC').trim();
  const first = /^\p{Script=Latin}{3,}(?=\s)/u.exec(whole)?.[0];
  return [whole, ...(first === undefined ? [] : [first])].filter(
    (call) => Array.from(call).length >= shortest,
  );
}

function isAddressed(head: string, call: string): boolean {
  const name = call.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&');
  const ends = '(?![\\p{L}\\p{N}])';
  return [
    `^(?:(?:${greetings})[ ,]+)?${name}${ends}\\s*${pause}`,
    `^(?:${greetings})[ ,]+${name}${ends}`,
    `^(?:${greetingsZh})[,， ]*${name}(?:${pause}|\\s|$)`,
    `^${name}(?:${greetingsZh})`,
    `(?:^|\\s)@${name}${ends}`,
  ].some((form) => new RegExp(form, 'iu').test(head));
}
