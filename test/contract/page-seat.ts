import type { PageSeat } from '../../src/chat/link.ts';
import { LinkError } from '../../src/chat/link.ts';
import type { PageLink } from '../../src/chat/tencent/page-link.ts';
import type { FoundSession } from '../../src/page/session/find-session.ts';
import {
  startRider,
  type Rider,
  type RiderSession,
  type RiderWord,
} from '../../src/page/session/rider.ts';

/** A page of which there is only its session: the rider in it, and a link that rides. */
export interface SeatedPage {
  readonly rider: Rider;
  readonly seat: PageSeat;
  /** What the page said of its session, oldest first. */
  readonly sessions: readonly RiderSession[];
  /** Everything that crossed from the page, as text. */
  readonly crossed: readonly string[];
}

/** Seats a link in a page. All that passes is text, as between the worlds of a page. */
export function seatPage(
  link: PageLink,
  userId: string,
  find: () => FoundSession | undefined,
): SeatedPage {
  const waiting = new Map<number, (word: RiderWord) => void>();
  const sessions: RiderSession[] = [];
  const crossed: string[] = [];
  let calls = 0;
  const rider = startRider({
    find,
    tell(word) {
      const text = JSON.stringify(word);
      crossed.push(text);
      const heard = JSON.parse(text) as RiderWord;
      if ('n' in heard) waiting.get(heard.n)?.(heard);
      else if (heard.news === 'event') link.take(heard.name, heard.of);
      else sessions.push(heard.of);
    },
  });
  const seat: PageSeat = {
    id: crypto.randomUUID(),
    ask: (method, argument) =>
      new Promise((resolve, reject) => {
        const n = (calls += 1);
        waiting.set(n, (word) => {
          waiting.delete(n);
          if ('ok' in word) resolve(word.ok);
          else reject(new LinkError('code' in word ? word.code : 0));
        });
        rider.answer(JSON.stringify({ n, as: userId, method, argument }));
      }),
  };
  return { rider, seat, sessions, crossed };
}
