import * as v from 'valibot';
import { timedOut, networkDown, LinkError, type PageSeat } from '../chat/link.ts';
import type { Asker } from '../contract/asker.ts';
import type { PageSession } from '../contract/lines/page.ts';
import {
  envelopeFor,
  farewellFor,
  knockFor,
  readReply,
  SeatId,
  type SeatCall,
} from '../contract/seat.ts';
import type { SiteStateView } from '../contract/views.ts';
import { AccountId, userOf } from '../message/message.ts';
import { browser } from '../platform/browser.ts';
import { isOn } from '../platform/sites.ts';
import { storedList } from '../platform/stored.ts';
import { pause } from './pursuit.ts';

/** Where a page's own session is, as far as the browser and the page told. */
const Seat = v.object({
  id: SeatId,
  tab: v.number(),
  frame: v.number(),
  origin: v.string(),
  /** The account the page is signed in as; the page's word, within its own origin. */
  account: v.optional(AccountId),
  user: v.optional(v.string()),
  app: v.number(),
  isFound: v.boolean(),
  isReady: v.boolean(),
  isVisible: v.boolean(),
  /** Of several pages of one account this one is ridden. */
  isOwner: v.boolean(),
});
export type Seat = v.InferOutput<typeof Seat>;

/** It outlives the worker, as the pages do; not the browser, which the pages do not outlive either. */
const book = storedList('session', 'seats', Seat);

/** All seats there are, the one that spoke last at the end. */
export function readSeats(): Promise<readonly Seat[]> {
  return book.read();
}

/** Who sits where a page asks from. */
export function isAt(
  seat: Seat,
  { tab, frame, origin }: Pick<Extract<Asker, { tab: number }>, 'tab' | 'frame' | 'origin'>,
): boolean {
  return seat.tab === tab && seat.frame === frame && seat.origin === origin;
}

/** Whether a page in another seat than this one is signed in as this account. */
export async function isElsewhere(account: AccountId, seat: SeatId): Promise<boolean> {
  return (await book.read()).some((one) => one.account === account && one.id !== seat);
}

/** What the pages of a site say of its session. */
export async function siteStateOf(origin: string): Promise<SiteStateView> {
  const seats = (await book.read()).filter((seat) => seat.origin === origin);
  const signedIn = seats.findLast((seat) => seat.account !== undefined);
  if (signedIn?.account !== undefined) {
    return { name: 'user', user: userOf(signedIn.account), account: signedIn.account };
  }
  if (seats.length === 0) return { name: 'no-page' };
  return { name: seats.some(({ isFound }) => isFound) ? 'nobody' : 'not-found' };
}

/** Takes a seat, in place of whatever sat in the same frame; returns that, if it was another. */
export async function takeSeat(
  asker: Extract<Asker, { tab: number }>,
  id: SeatId,
  account: AccountId | undefined,
  session: PageSession | undefined,
  isVisible: boolean,
): Promise<readonly Seat[]> {
  const { tab, frame, origin } = asker;
  let before: readonly Seat[] = [];
  await book.change((all) => {
    before = all.filter((seat) => seat.tab === tab && seat.frame === frame);
    const was = before.find((seat) => seat.id === id && seat.account === account);
    const seat: Seat = {
      id,
      tab,
      frame,
      origin,
      ...(account !== undefined && { account }),
      ...(session?.user !== undefined && { user: session.user }),
      app: session?.app ?? 0,
      isFound: session?.isFound ?? false,
      isReady: session?.isReady ?? false,
      isVisible,
      isOwner: was?.isOwner ?? false,
    };
    return [...all.filter((other) => !before.includes(other)), seat];
  });
  return before;
}

/** Takes the seats away that `isGone` names; returns them. */
export async function leaveSeats(isGone: (seat: Seat) => boolean): Promise<readonly Seat[]> {
  let gone: readonly Seat[] = [];
  await book.change((all) => {
    gone = all.filter(isGone);
    return all.filter((seat) => !gone.includes(seat));
  });
  return gone;
}

/** Accounts with a page whose SDK is ready: it answers at once, unless the browser froze it. */
export async function readyAccounts(): Promise<ReadonlySet<AccountId>> {
  const seats = await readSeats();
  return new Set(seats.flatMap(({ account, isReady }) => (isReady ? (account ?? []) : [])));
}

/**
 * Decides whose page an account's link rides: the one that is ridden, as long as it is ready; else
 * one that is ready, rather one that is looked at, rather the one that spoke last.
 */
export async function electOwner(account: AccountId): Promise<Seat | undefined> {
  let owner: Seat | undefined;
  await book.change((all) => {
    const worth = (seat: Seat): number =>
      (seat.isReady ? 4 : 0) + (seat.isOwner ? 2 : 0) + (seat.isVisible ? 1 : 0);
    owner = all
      .filter((seat) => seat.account === account)
      .reduce<Seat | undefined>(
        (best, seat) => (best && worth(best) > worth(seat) ? best : seat),
        undefined,
      );
    return all.map((seat) =>
      seat.account === account ? { ...seat, isOwner: seat.id === owner?.id } : seat,
    );
  });
  return owner;
}

/**
 * Lets another page of its account be ridden, if one is ready. False where none is, or where this one is
 * not ridden any more. A page that is late is not looked at, as far as is known, and comes last when the
 * next one is late as well, until it speaks.
 */
export async function giveWay({ id, account }: Seat): Promise<boolean> {
  let next: Seat | undefined;
  await book.change((all) => {
    const others = all.filter((seat) => seat.account === account && seat.id !== id);
    const ready = others.filter(({ isReady }) => isReady);
    const late = all.find((seat) => seat.id === id && seat.isOwner);
    next = late && (ready.findLast(({ isVisible }) => isVisible) ?? ready.at(-1));
    if (!late || !next) return all;
    return [
      { ...late, isOwner: false, isVisible: false },
      ...all.flatMap((seat) => {
        if (seat === late) return [];
        return seat.account === account ? { ...seat, isOwner: seat.id === next?.id } : seat;
      }),
    ];
  });
  return next !== undefined;
}

/** What is heard of a page that is asked. */
export interface SeatEars {
  /** It does not answer any more. */
  readonly gone?: (seat: Seat) => void;
  /** It does not answer in time. Resolves with whether another is ridden in its place now. */
  readonly late?: (seat: Seat) => Promise<boolean>;
}

/** A page that takes longer than this is not only busy, ms. */
const longestBusy = 5_000;
/**
 * An answer may take this long before it is asked whether the page is awake, and that as well, ms: what
 * goes to the service takes its time, and a tab that the browser froze may take hours.
 */
const longestNod = 1_000;

/** A seat as its link sees it. */
export function pageSeatOf(seat: Seat, { gone, late }: SeatEars = {}): PageSeat {
  return {
    id: seat.id,
    async ask(method, argument, ms) {
      // Off by now, whoever turned it off: the page is asked for nothing any more.
      await mustBeOn(seat);
      const call: SeatCall = { method, as: seat.user ?? '', argument, at: Date.now(), ms };
      const { promise: end, reject } = Promise.withResolvers<never>();
      let isAnswered = false;
      const giveUp = (): void => {
        reject(new LinkError(timedOut));
      };
      const look = async (): Promise<void> => {
        // Whoever asked may have given up by then: the next one is not to wait as long.
        if ((await isAwake(seat)) || isAnswered) return;
        if (await late?.(seat)) giveUp();
      };
      const looking = setTimeout(() => void look(), longestNod);
      const timer = setTimeout(() => {
        giveUp();
        if (ms >= longestBusy) void late?.(seat);
      }, ms);
      const answer = say(seat, envelopeFor(seat.id, call)).finally(() => {
        isAnswered = true;
        clearTimeout(looking);
      });
      try {
        const reply = readReply(await Promise.race([answer, end]));
        if (!reply) {
          gone?.(seat);
          throw new LinkError(networkDown);
        }
        if ('code' in reply) throw new LinkError(reply.code);
        // Turned off while it was asked, for all that is known: nothing of it is wanted any more.
        await mustBeOn(seat);
        return reply.ok;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Rejects where the site of a seat is off, or the browser cannot say. */
async function mustBeOn({ origin }: Seat): Promise<void> {
  if (!(await isOn(origin).catch(() => false))) throw new LinkError(networkDown);
}

/** Longest UserSig; real ones have some 200 characters. */
const longestSignature = 4_096;
/** A page that loads may be busy for long, and nobody waits for its signature, ms. */
const longestLoading = 60_000;

/**
 * The UserSig that the page in this seat signed in with, a credential; undefined where it cannot be
 * seen. Rejects where the page does not answer.
 */
export async function signatureOf(seat: Seat): Promise<string | undefined> {
  const userSig = await pageSeatOf(seat).ask('signature', undefined, longestLoading);
  const isOne = typeof userSig === 'string' && userSig !== '' && userSig.length <= longestSignature;
  return isOne ? userSig : undefined;
}

/** Whether anybody in a page's seat answers at once. */
function isAwake(seat: Seat): Promise<boolean> {
  return Promise.race([
    say(seat, knockFor(seat.id)).then(() => true),
    pause(longestNod).then(() => false),
  ]);
}

/** Whether our script is awake in the page that a tab shows. */
export async function isSomebodyIn(tab: number, origin: string): Promise<boolean> {
  const seat = (await book.read()).find((one) => isAt(one, { tab, frame: 0, origin }));
  if (!seat) return false;
  const answer = say(seat, knockFor(seat.id));
  return (await Promise.race([answer, pause(longestNod)])) !== undefined;
}

/** Resolves with undefined when nobody is there any more, or somebody else by now. */
async function say({ tab, frame }: Seat, message: object): Promise<unknown> {
  try {
    return await browser.tabs.sendMessage(tab, message, { frameId: frame });
  } catch {
    return undefined;
  }
}

/** Tells the page in a seat that its site was turned off: it takes everything of ours away. */
export async function dismissSeat({ id, tab, frame }: Seat): Promise<void> {
  // Nobody there has left already.
  await browser.tabs.sendMessage(tab, farewellFor(id), { frameId: frame }).catch(() => undefined);
}
