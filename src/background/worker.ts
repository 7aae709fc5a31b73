import type { ChatLink, Credentials, RidingLink } from '../chat/link.ts';
import { answer } from '../contract/channel.ts';
import { publishGlance, readGlance, scrubGlance, withKey } from '../contract/glance.ts';
import { openNews } from '../contract/news.ts';
import type { History } from '../history/history.ts';
import type { Glance } from '../contract/views.ts';
import type { AccountId, MessageId } from '../message/message.ts';
import { browser } from '../platform/browser.ts';
import { hasAgreedToLess, isAgreed, openWelcome } from '../platform/consent.ts';
import { hearManaged } from '../platform/managed.ts';
import { hearNetwork } from '../platform/network.ts';
import { readProfileKey } from '../platform/profile-key.ts';
import { rememberStorage } from '../platform/remembering.ts';
import { readManners } from '../platform/settings.ts';
import {
  dropWithdrawn,
  inject,
  isOn,
  readSites,
  register,
  turnWantedOn,
} from '../platform/sites.ts';
import { lockStorage } from '../platform/stored.ts';
import { answersOf } from './answers.ts';
import { Badge } from './badge.ts';
import { bringBack } from './bar.ts';
import { isLookedAt, openPopup } from './front.ts';
import { Keepers } from './keepers.ts';
import { Keys } from './keys.ts';
import { LastMessage } from './last.ts';
import { Menu } from './menu.ts';
import { NoticeBoard } from './notices.ts';
import { glanceOf } from './shown.ts';
import { Sweeps } from './sweeps.ts';
import { WayBack } from './way-back.ts';

/** The safety net: a worker that died is back within this many minutes (the shortest Chrome allows). */
const tendEvery = 0.5;
/** Firefox ends an idle event page after 30 s, whatever its sockets do; an API call counts as life (seen in 153). */
const keepAliveEvery = 20_000;

/** The rooms the worker works with; the entrypoint introduces them. */
export interface WorkerParts {
  readonly openLink: (credentials: Credentials) => ChatLink;
  readonly makePageLink: (account: AccountId) => RidingLink;
  readonly openHistory: (options: { key: typeof readProfileKey }) => Promise<History>;
  /** Deletes the database, also one that cannot be opened. */
  readonly destroyHistory: () => Promise<void>;
}

/**
 * Starts the worker: every listener is added in this first turn, before anything is awaited, then
 * the keepers are woken.
 */
export function startWorker(parts: WorkerParts): void {
  const { openLink, makePageLink, openHistory, destroyHistory } = parts;
  rememberStorage();
  const teller = openNews(isOn);
  const keepers = new Keepers({
    openLink,
    makePageLink,
    openHistory: () => openHistory({ key: readProfileKey }),
    destroyHistory,
    scrub(dying) {
      run(notices.takeBack(dying.ids));
      return scrubGlance(dying);
    },
    report,
    async changed(change) {
      try {
        // Stored before anybody hears of it, so that no popup shows what was recalled.
        await publish();
      } finally {
        // Where it could not be stored pages would otherwise go on showing what was recalled.
        if (change === 'account') {
          teller.tell({ kind: 'account' });
          // It may be one that was left, or everything was forgotten.
          run(notices.tidy());
        } else if (change.cutShort) {
          run(keys.tellCutShort(change.cutShort));
        } else if (change.ids.length > 0) {
          teller.tell({ kind: 'rows', ids: [...change.ids] });
          run(notices.changed(change.ids));
          if (change.hasFailedLate) run(keys.tellFailed(change.ids));
        }
      }
    },
  });
  const badge = new Badge(report);
  const notices: NoticeBoard = new NoticeBoard({
    keepers,
    report,
    recall: (account, id) => keys.recallThis(account, id),
  });
  const sweeps = new Sweeps(keepers);
  const look = async (): Promise<Glance> => withKey(await glanceOf(keepers), keys.ended);
  const publish = inOneGo(async () => {
    const glance = await look();
    try {
      await publishGlance(glance, (sent) => keepers.memory.isDying(sent));
    } finally {
      // Where it could not be stored an open popup would otherwise go on showing what was recalled.
      badge.show(glance);
      teller.tell({ kind: 'glance' });
    }
  });

  const hush = (): Promise<void> => notices.hush();
  const failedUnheard = (id: MessageId): void => {
    run(keys.tellFailed([id]));
  };
  answer(answersOf({ keepers, sweeps, teller, look, publish, hush, failedUnheard }), isOn);
  const say = (words: string): Promise<void> => notices.say(words);
  const tellInBar = async (id: MessageId): Promise<boolean> => {
    if (!(await readManners()).hasBar || !(await isLookedAt())) return false;
    await bringBack(id);
    teller.tell({ kind: 'rows', ids: [id] });
    return true;
  };
  const last = new LastMessage(keepers);
  const keys = new Keys({ last, badge, say, publish, openPopup, tellInBar, report });
  const menu = new Menu({
    recallLast: () => keys.recallLast(),
    openSweep: () => keys.openSweep(),
    tellNoMessage: () => keys.tellNoMessage(),
    report,
  });
  notices.listen();
  keys.listen();
  menu.listen();
  new WayBack(report).listen();
  browser.alarms.onAlarm.addListener(() => {
    badge.refresh();
    run(keepers.tend());
    run(notices.tidy());
  });
  browser.runtime.onStartup.addListener(() => {
    run(keepers.wake());
    // The browser may speak another language than before.
    run(menu.write());
  });
  browser.runtime.onInstalled.addListener(({ reason }) => {
    run(welcome(reason === 'install'));
    run(refreshSites());
    run(menu.write());
  });
  browser.permissions.onAdded.addListener(() => {
    notices.listen();
    run(turnWantedOn().then(() => publish()));
  });
  browser.permissions.onRemoved.addListener(() => {
    run(
      dropWithdrawn().then((gone) => {
        gone.forEach((origin) => {
          teller.dismiss(origin);
          run(keepers.pages.leaveSite(origin));
        });
      }),
    );
  });
  /** What whoever manages the browser set holds at once, in open pages and in all that is shown. */
  const obey = async (): Promise<void> => {
    await Promise.all([register(), keepers.wake()]);
    await Promise.all([publish(), notices.tidy(), menu.write()]);
    teller.tell({ kind: 'account' });
    run(keepers.tend());
    for (const origin of await readSites()) {
      if (!(await isOn(origin))) teller.dismiss(origin);
      // Its pages were left when it was off.
      else if (!(await keepers.pages.hasSeat(origin))) await inject(origin);
    }
  };
  hearManaged(() => {
    run(obey());
  });
  browser.tabs.onRemoved.addListener((tab) => {
    run(keepers.wake().then(() => keepers.pages.tabClosed(tab)));
  });
  hearNetwork({
    // Nobody waits for the next attempt.
    back() {
      run(keepers.wake());
    },
    gone() {
      keepers.doubt();
    },
  });
  setInterval(() => {
    if (keepers.isAtWork) run(browser.runtime.getPlatformInfo());
  }, keepAliveEvery);

  run(lockStorage());
  run(browser.alarms.create('tend', { periodInMinutes: tendEvery }));
  run(register());
  // True again at once, from what the worker before knew; counted anew when this one is awake.
  run(
    readGlance().then((glance) => {
      badge.begin(glance);
    }),
  );
  run(
    keepers
      .wake()
      .then(() => Promise.all([publish(), sweeps.resume(), notices.tidy(), notices.lookAround()])),
  );
}

/** Old scripts in open tabs are orphans after an install or update: the new ones take their place. */
async function refreshSites(): Promise<void> {
  await register();
  for (const origin of await readSites()) if (await isOn(origin)) await inject(origin);
}

/**
 * Explains Unsay to whoever just installed it, and asks for the consent it cannot do without. Later on only
 * who agreed to less is asked, not whoever said no.
 */
async function welcome(isNew: boolean): Promise<void> {
  if (!(await isAgreed()) && (isNew || (await hasAgreedToLess()))) await openWelcome();
}

/** A worker's own work has nobody to report to: a failure is named without any content. */
function report(error: unknown): void {
  // eslint-disable-next-line no-console
  console.error('Unsay:', error instanceof Error ? error.name : 'failed');
}

function run(work: Promise<unknown>): void {
  work.catch(report);
}

/**
 * Does `work` for everybody who asks, once for all who ask while it has not begun. Resolves when
 * a run that began after the call has ended.
 */
function inOneGo(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        running = work();
        return running;
      });
    return next;
  };
}
