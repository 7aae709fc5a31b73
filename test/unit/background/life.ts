import 'fake-indexeddb/auto';
import { vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { LinkState } from '../../../src/chat/link.ts';
import type { Change, Keeper } from '../../../src/background/keeper.ts';
import type { Keepers } from '../../../src/background/keepers.ts';
import type { Dying } from '../../../src/background/memory.ts';
import type { Order } from '../../../src/background/orders.ts';
import type { Sweeps } from '../../../src/background/sweeps.ts';
import type { Handlers } from '../../../src/contract/channel.ts';
import type { News } from '../../../src/contract/news.ts';
import type { History, HistoryTrouble } from '../../../src/history/history.ts';
import type { MessageId } from '../../../src/message/message.ts';
import type { SignedIn } from '../../../src/platform/accounts.ts';
import { keepConsent } from '../../../src/platform/consent.ts';
import { freshName } from '../history/fixtures.ts';
import { ScriptedLink, type Script } from './scripted-link.ts';

/** Everything that outlives a worker. The browser's storage is the fake browser's. */
export interface World {
  readonly script: Script;
  readonly database: string;
}

/** A step a worker takes outside of itself: `local.set`, `history.learn`, `link.recall`. */
export interface Step {
  readonly moment: 'before' | 'after';
  readonly name: string;
  readonly args: readonly unknown[];
}

const never = new Promise<never>(() => undefined);

/** Work of real parts, which take turns of the event loop. */
const underWay = new Set<Promise<unknown>>();

/** Work that `settle()` waits for. */
export function counted<T>(work: Promise<T>): Promise<T> {
  underWay.add(work);
  return work.finally(() => underWay.delete(work));
}

/** A history whose work `settle()` waits for. */
export function countedHistory(history: History): History {
  return new Proxy(history, {
    get: (target, key) => {
      const method: unknown = Reflect.get(target, key);
      if (typeof method !== 'function' || key === 'close') return method;
      return (...args: unknown[]) =>
        counted(Reflect.apply(method, target, args) as Promise<unknown>);
    },
  });
}

/** What ends with a worker: whatever it does through its body, nothing comes of it once dead. */
class Body {
  isDead = false;
  /** Whether the worker dies at this step. */
  dies: (step: Step) => boolean = () => false;
  /** What keeps a step from being taken, if anything does. */
  obstructs: (step: Step) => Error | undefined = () => undefined;
  /** What a step waits for. */
  holds: (step: Step) => Promise<unknown> | undefined = () => undefined;

  #passes(step: Step): boolean {
    this.isDead ||= this.dies(step);
    return !this.isDead;
  }

  /** An object of which every named method, each of which gives a promise, is of this body. */
  around<T extends object>(kind: string, of: T, methods: readonly (keyof T & string)[]): T {
    return new Proxy(of, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        const call = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
        const method = methods.find((one) => one === key);
        if (method === undefined) return call;
        return (...args: unknown[]) =>
          this.does(`${kind}.${method}`, args, () => call(...args) as Promise<unknown>);
      },
    });
  }

  async does<T>(name: string, args: readonly unknown[], work: () => Promise<T>): Promise<T> {
    const before: Step = { moment: 'before', name, args };
    if (!this.#passes(before)) await never;
    const held = this.holds(before);
    if (held) await held;
    const begun = async (): Promise<T> => {
      const obstacle = this.obstructs(before);
      if (obstacle) throw obstacle;
      return work();
    };
    try {
      return await (name.startsWith('history.') ? counted(begun()) : begun());
    } finally {
      if (!this.#passes({ moment: 'after', name, args })) await never;
    }
  }
}

/** One worker's life: modules of its own, so that nothing but what is stored passes to the next. */
export interface Life {
  readonly keepers: Keepers;
  readonly sweeps: Sweeps;
  /** Of the own sign-in. */
  readonly keeper: Keeper;
  /** Where the own sign-in stands. */
  readonly state: () => Promise<LinkState>;
  readonly links: readonly ScriptedLink[];
  readonly link: ScriptedLink;
  readonly told: readonly Change[];
  /** What the answers told open pages by themselves. */
  readonly news: readonly News[];
  readonly failures: readonly unknown[];
  readonly answers: Handlers;
  /** Called when a change is told, after the popup's view was published. */
  heard: (change: Change) => Promise<void> | void;
  /** Called when messages are about to become tombstones. */
  dying: (which: Dying) => void;
  /** Whether whoever asks for a recall stays to hear what came of it. */
  isHeard: boolean;
  /** Messages whose recall failed when whoever asked for it was gone. */
  readonly unheard: MessageId[];
  /** Called when the notices that are shown are to be true to the manners. */
  hush: () => Promise<void>;
  /** Makes this worker die at a step. */
  readonly dies: (at: (step: Step) => boolean) => void;
  /** Lets steps of history fail for as long as this says why. */
  readonly obstruct: (troubleOf: (step: Step) => HistoryTrouble | undefined) => void;
  /** Holds steps up until what this gives is done. */
  readonly hold: (holds: (step: Step) => Promise<unknown> | undefined) => void;
  readonly die: () => void;
  readonly isDead: boolean;
}

const lives: { readonly die: () => void; readonly close: () => void }[] = [];

/** Starts a worker over what is stored, but does not wake its keeper. */
export async function begin({ script, database }: World): Promise<Life> {
  vi.resetModules();
  const body = new Body();
  const areas = ['get', 'set', 'remove'] as const;
  const { local, session, managed } = fakeBrowser.storage;
  const storage = {
    local: body.around('local', local, areas),
    session: body.around('session', session, areas),
    managed,
  };
  vi.doMock('../../../src/platform/browser.ts', () => ({ browser: { ...fakeBrowser, storage } }));
  const { Keepers } = await import('../../../src/background/keepers.ts');
  const { answersOf } = await import('../../../src/background/answers.ts');
  const { glanceOf } = await import('../../../src/background/shown.ts');
  const { Sweeps } = await import('../../../src/background/sweeps.ts');
  const glances = await import('../../../src/contract/glance.ts');
  const { makePageLink } = await import('../../../src/chat/tencent/page-link.ts');
  const { destroyHistory, openHistory } = await import('../../../src/history/cache.ts');
  const { HistoryError } = await import('../../../src/history/history.ts');
  const { readProfileKey } = await import('../../../src/platform/profile-key.ts');

  const links: ScriptedLink[] = [];
  const told: Change[] = [];
  const news: News[] = [];
  const failures: unknown[] = [];
  let history: History | undefined;
  let publishing: Promise<void> = Promise.resolve();
  const keepers = new Keepers({
    makePageLink,
    openLink(credentials) {
      const link = new ScriptedLink(credentials, script);
      links.push(link);
      return body.around('link', link, ['conversations', 'since', 'recall', 'ready', 'close']);
    },
    async openHistory() {
      const key = await readProfileKey();
      return body.does('history.open', [], async () => {
        history = await openHistory({ key: () => Promise.resolve(key), name: database });
        const methods = Object.keys(history).filter((name) => name !== 'close');
        return body.around('history', history, methods as (keyof History)[]);
      });
    },
    destroyHistory: () => body.does('history.destroy', [], () => destroyHistory(database)),
    scrub(dying) {
      life.dying(dying);
      return glances.scrubGlance(dying);
    },
    report: (error) => failures.push(error),
    async changed(change) {
      await publish();
      told.push(change);
      await life.heard(change);
    },
  });
  const publishGlance = async (): Promise<void> =>
    glances.publishGlance(await glanceOf(keepers), (sent) => keepers.memory.isDying(sent));
  // One after the other, as the worker does it.
  const publish = (): Promise<void> => {
    publishing = publishing.then(publishGlance, publishGlance);
    return publishing;
  };
  const sweeps = new Sweeps(keepers);
  const life: Life = {
    keepers,
    sweeps,
    get keeper() {
      const { own } = keepers;
      if (!own) throw new Error('Nobody is signed in.');
      return own;
    },
    state: async () =>
      keepers.own ? keepers.stateOf(keepers.own) : { name: 'signed-out' as const },
    links,
    told,
    news,
    failures,
    answers: answersOf({
      keepers,
      sweeps,
      teller: {
        tell: (one) => news.push(one),
        dismiss: () => undefined,
        isThere: () => life.isHeard,
      },
      look: () => glanceOf(keepers),
      publish,
      hush: () => life.hush(),
      failedUnheard: (id) => life.unheard.push(id),
    }),
    get link() {
      const link = links.at(-1);
      if (!link) throw new Error('No link was opened.');
      return link;
    },
    dying: () => undefined,
    heard: () => undefined,
    isHeard: true,
    unheard: [],
    hush: () => Promise.resolve(),
    dies(at) {
      body.dies = at;
    },
    obstruct(troubleOf) {
      body.obstructs = (step) => {
        const trouble = troubleOf(step);
        return trouble && new HistoryError(trouble);
      };
    },
    hold(holds) {
      body.holds = holds;
    },
    die() {
      body.isDead = true;
    },
    get isDead() {
      return body.isDead;
    },
  };
  lives.push({
    die: life.die,
    close() {
      history?.close();
    },
  });
  return life;
}

/** Starts a worker and wakes it; it may die at any step of that. */
export async function wake(world: World, dies?: (step: Step) => boolean): Promise<Life> {
  const life = await begin(world);
  if (dies) life.dies(dies);
  void life.keepers.wake().then(() => life.sweeps.resume());
  await settle();
  return life;
}

/** A script's world, with nothing stored yet. */
export function worldOf(script: Script): World {
  return { script, database: freshName() };
}

/** Lets everything that can happen without time passing happen. */
export async function settle(): Promise<void> {
  for (let calm = 0; calm < 4; calm += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    if (underWay.size === 0) continue;
    await Promise.allSettled(underWay);
    calm = 0;
  }
}

/** Lets time pass; whoever waits for it goes on at most `step` late. Milliseconds. */
export async function pass(ms: number, step = 500): Promise<void> {
  await settle();
  for (let left = ms; left > 0; left -= step) {
    vi.advanceTimersByTime(Math.min(step, left));
    await settle();
  }
}

/** Begins a test: the time of day stands still, and storage is empty but for the user's consent. */
export function beginWorld(): void {
  // Only what the worker waits for; the database's own turns go on.
  vi.useFakeTimers({
    now: 1_790_000_000_000,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
  fakeBrowser.reset();
  void keepConsent();
}

/** Ends every worker of a test. */
export async function endWorld(): Promise<void> {
  for (const { die } of lives) die();
  await settle();
  for (const { close } of lives.splice(0)) close();
  vi.useRealTimers();
  vi.doUnmock('../../../src/platform/browser.ts');
}

export const aliceSignedIn: SignedIn = {
  sdkAppId: 1_400_000_001,
  userId: 'alice',
  userSig: 'signature of Alice',
  staySignedIn: false,
};

/** Signs in as if it had been done before this worker began. */
export async function keepSignedIn(account: SignedIn = aliceSignedIn): Promise<void> {
  await fakeBrowser.storage.session.set({ account });
  if (account.staySignedIn) await fakeBrowser.storage.local.set({ account });
}

/** Keeps a window as if it had been learnt to the second. */
export async function knowWindow(seconds: number, kind = 'direct'): Promise<void> {
  const at = Date.now();
  const learned = { accepted: seconds * 1000, refused: { age: seconds * 1000, at, times: 2 } };
  await fakeBrowser.storage.local.set({
    'learned-windows': { [`${aliceSignedIn.sdkAppId} ${kind}`]: learned },
  });
}

/** The orders as they are stored. */
export async function ordersStored(): Promise<readonly Order[]> {
  const { orders = [] } = await fakeBrowser.storage.local.get('orders');
  return orders as Order[];
}

/** A promise that its test ends. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
