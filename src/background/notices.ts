import { i18n } from '#i18n';
import * as v from 'valibot';
import {
  AccountId,
  isGroup,
  MessageId,
  originOf,
  partnerOf,
  userOf,
  type Entry,
} from '../message/message.ts';
import { browser } from '../platform/browser.ts';
import { mayNotify, notifications } from '../platform/notices.ts';
import { readManners, readNotices } from '../platform/settings.ts';
import { showOpenPage } from '../platform/site-access.ts';
import { stored, storedList } from '../platform/stored.ts';
import { Turns } from '../platform/turns.ts';
import { plainText } from '../ui/plain.ts';
import { kindWords, spoken, wordsAbout } from '../ui/words.ts';
import { isLookedAt } from './front.ts';
import type { Keeper } from './keeper.ts';
import type { Keepers } from './keepers.ts';
import { viewerOf } from './shown.ts';

/** What a notice is about: its id, so that it is found again by a worker that did not make it. */
const Tag = v.tuple([v.picklist(['new', 'sent']), AccountId, MessageId]);
type Tag = v.InferOutput<typeof Tag>;

/** A message that comes later than this is old news, seconds. */
const newFor = 60;
/** Messages of which is remembered that they were told. */
const mostTold = 200;
/** Characters of a message in a notice. */
const longest = { words: 120, name: 40 } as const;
/** The one notice of a key's outcome; a later one takes its place. */
const keyTag = 'unsay-key';

const told = storedList('session', 'told', v.string());
/** Of which notices show words of their messages; of some of them they have been taken back since. */
const worded = storedList('session', 'worded', v.string());
/**
 * Whether the browser refused a notice for its button. Firefox does, though it has the event of one
 * (seen with 153); there the whole notice is the button.
 */
const buttonless = stored('session', 'buttonless', v.boolean(), false);

/** What a notice says. */
interface Content {
  readonly title: string;
  readonly message: string;
  /** Whether words of its message are in it. */
  readonly hasWords: boolean;
}

/** What the notices work with. */
export interface NoticeParts {
  readonly keepers: Keepers;
  /** Recalls a message and says how that went. */
  readonly recall: (account: AccountId, id: MessageId) => Promise<void>;
  readonly report: (error: unknown) => void;
}

/**
 * Notices outside of the browser's windows, where the user wants them. Each bears its message's id,
 * so that it is withdrawn when that is recalled, also by a worker that did not show it.
 */
export class NoticeBoard {
  readonly #parts: NoticeParts;
  #isListening = false;
  #isWatching = false;
  /** What is shown and what is taken back wait for each other. */
  readonly #turns = new Turns();

  constructor(parts: NoticeParts) {
    this.#parts = parts;
  }

  /**
   * Hears clicks on notices, and that the user turns to something else. Must be called in the worker's
   * first turn, and when notices become allowed: it may be just such a turn that wakes a worker, and
   * only later it is known whether anybody wants to hear of it.
   */
  listen(): void {
    const board = notifications();
    if (!board || this.#isListening) return;
    this.#isListening = true;
    board.onClicked.addListener((id) => {
      this.#run(this.#clicked(id));
    });
    board.onButtonClicked.addListener((id) => {
      this.#run(this.#pressed(id));
    });
    this.#watch();
  }

  /**
   * These messages are being recalled: takes back every notice of them, whether or not history can say
   * whose they are.
   */
  takeBack(ids: readonly MessageId[]): Promise<void> {
    return this.#turns.take(async () => {
      const board = notifications();
      if (!board || ids.length === 0 || !(await mayNotify())) return;
      for (const shown of Object.keys(await board.getAll())) {
        const id = readTag(shown)?.[2];
        if (id !== undefined && ids.includes(id)) await board.clear(shown);
      }
    });
  }

  /** These messages changed: takes back what was recalled, tells what is new. */
  changed(ids: readonly MessageId[]): Promise<void> {
    return this.#turns.take(async () => {
      const board = notifications();
      if (!board || ids.length === 0 || !(await mayNotify())) return;
      const { keepers } = this.#parts;
      for (const keeper of keepers.all) {
        const { account } = keeper;
        for (const entry of await keepers.memory.use((history) => history.findAll(account, ids))) {
          if (entry.recall || keepers.memory.isDying(entry)) {
            await board.clear(tagOf('new', entry));
            await board.clear(tagOf('sent', entry));
          } else if (entry.author === userOf(account)) await this.#sent(keeper, entry);
          else await this.#arrived(keeper, entry);
        }
      }
    });
  }

  /**
   * Takes back every notice of a message that is recalled or not kept any more, of one of mine whose
   * time is over, or of an account that was left: also what a worker before could not take back because
   * it died.
   */
  tidy(): Promise<void> {
    return this.#turns.take(async () => {
      const board = notifications();
      if (!board || !(await mayNotify())) return;
      await hushIfDiscreet();
      for (const tag of Object.keys(await board.getAll())) await this.#clearUnlessTrue(tag);
    });
  }

  /** The user's manners changed: what shows words is taken back when there are to be none. */
  hush(): Promise<void> {
    return this.#turns.take(async () => {
      if (await mayNotify()) await hushIfDiscreet();
    });
  }

  /** Says the outcome of a key, which names no word of the message. */
  async say(words: string): Promise<void> {
    if (!(await mayNotify())) return;
    await show(keyTag, { title: i18n.t('app.short'), message: words, hasWords: false });
  }

  async #arrived(keeper: Keeper, entry: Entry): Promise<void> {
    if (!(await readNotices()).messages || !isFresh(keeper, entry)) return;
    if ((await isLookedAt()) || !(await isFirst(tagOf('new', entry)))) return;
    await this.#show(tagOf('new', entry), await this.#contentOf(keeper, entry));
  }

  /** Shows a notice of a message for as long as that stands. */
  async #show(...notice: Parameters<typeof show>): Promise<void> {
    const [id, { hasWords }] = notice;
    // Before it is there: a worker that dies in between leaves none that is not known.
    if (hasWords) await worded.change((all) => [...all, id].slice(-mostTold));
    await show(...notice);
    // Recalled while the notice was made, it found none to take back.
    await this.#clearUnlessTrue(id);
  }

  async #clearUnlessTrue(id: string): Promise<void> {
    const tag = readTag(id);
    if (tag && !(await this.#stands(tag))) await notifications()?.clear(id);
  }

  /** Whether what a notice says is still so: its message is kept, not recalled, and mine can be. */
  async #stands([kind, account, id]: Tag): Promise<boolean> {
    const { keepers } = this.#parts;
    if (!(await keepers.known()).has(account)) return false;
    // What cannot be looked up is not shown: it may be recalled.
    const entry = await keepers.memory
      .use((history) => history.find({ account, id }))
      .catch(() => undefined);
    if (!entry || entry.recall || keepers.memory.isDying(entry)) return false;
    const keeper = keepers.of(account);
    if (kind === 'new' || !keeper?.knowsTime) return true;
    const { until = 0 } = (await viewerOf(keepers.memory, keeper)).sentOf(entry);
    return until > keeper.now();
  }

  /** My message was sent: it can be recalled from now on, also by somebody who is away already. */
  async #sent(keeper: Keeper, entry: Entry): Promise<void> {
    if (!isFresh(keeper, entry) || !(await readNotices()).walkedAway) return;
    this.#watch();
    this.#onTurn();
  }

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    browser.tabs.onActivated.addListener(this.#onTurn);
    browser.windows.onFocusChanged.addListener(this.#onTurn);
  }

  readonly #onTurn = (): void => {
    this.#run(this.lookAround());
  };

  /**
   * Tells of my messages that can still be recalled, if I am not with the chat. Also to be called
   * when a worker begins: the one before may have died before I turned away.
   */
  lookAround(): Promise<void> {
    return this.#turns.take(() => this.#walkedAway());
  }

  async #walkedAway(): Promise<void> {
    if (!(await mayNotify()) || !(await readNotices()).walkedAway) {
      // No turn of the user's wakes the worker for it any more.
      this.#rest();
      return;
    }
    if (await isLookedAt()) return;
    const { keepers } = this.#parts;
    for (const keeper of keepers.all) {
      const since = Math.floor(keeper.now() / 1000) - newFor;
      const mine = await keepers.memory.use((history) => history.mine(keeper.account, since, 5));
      const { sentOf } = await viewerOf(keepers.memory, keeper);
      for (const entry of mine) {
        const { until = 0, progress } = sentOf(entry);
        if (until <= keeper.now() || progress) continue;
        if (!(await isFirst(tagOf('sent', entry)))) continue;
        const content = await this.#contentOf(keeper, entry);
        const title = spoken(wordsAbout((slot) => i18n.t('notice.sent', [slot]), content.title));
        await this.#show(tagOf('sent', entry), { ...content, title }, i18n.t('popup.recall'));
      }
    }
  }

  #rest(): void {
    this.#isWatching = false;
    browser.tabs.onActivated.removeListener(this.#onTurn);
    browser.windows.onFocusChanged.removeListener(this.#onTurn);
  }

  async #contentOf(keeper: Keeper, entry: Entry): Promise<Content> {
    const { memory } = this.#parts.keepers;
    const { nameOf } = await viewerOf(memory, keeper);
    const { isDiscreet } = await readManners();
    const text = isDiscreet ? '' : (entry.body?.text ?? '');
    const words = text === '' ? kindWords(entry.kind) : plainText(text, longest.words);
    const author = plainText(entry.authorName || entry.author, longest.name);
    const isOthers = isGroup(entry.conversation) && entry.author !== userOf(entry.account);
    return {
      title: plainText(nameOf(entry.conversation) || partnerOf(entry.conversation), longest.name),
      message: isOthers ? i18n.t('notice.inGroup', [author, words]) : words,
      hasWords: text !== '',
    };
  }

  /** The notice itself: it is the button where there is none, and says so, for as long as that helps. */
  async #clicked(id: string): Promise<void> {
    const tag = readTag(id);
    if (tag?.[0] === 'sent' && (await buttonless.read())) {
      await this.#parts.keepers.rouse(tag[1]);
      if (await this.#stands(tag)) {
        await this.#pressed(id);
        return;
      }
    }
    await notifications()?.clear(id);
    await openPlaceOf(tag?.[1]);
  }

  /** Its Recall. */
  async #pressed(id: string): Promise<void> {
    await notifications()?.clear(id);
    const tag = readTag(id);
    if (tag?.[0] === 'sent') await this.#parts.recall(tag[1], tag[2]);
    else await openPlaceOf(tag?.[1]);
  }

  #run(work: Promise<unknown>): void {
    work.catch(this.#parts.report);
  }
}

async function show(id: string, { title, message }: Content, button?: string): Promise<void> {
  const board = notifications();
  const iconUrl = browser.runtime.getURL('icons/128.png');
  const plain = { type: 'basic' as const, iconUrl, title, message };
  if (button === undefined) {
    await board?.create(id, plain);
    return;
  }
  const isBare = await buttonless.read();
  if (!isBare) {
    try {
      // The types know Firefox's options only.
      const withButton = { ...plain, buttons: [{ title: button }] };
      await board?.create(id, withButton);
      return;
    } catch {
      // Whether that was for its button is seen by whether it is taken without.
    }
  }
  await board?.create(id, { ...plain, message: `${message}\n${i18n.t('notice.click')}` });
  if (!isBare) await buttonless.write(true);
}

/** Takes back every notice with words, also those of an earlier worker, in discreet mode. */
async function hushIfDiscreet(): Promise<void> {
  if (!(await readManners()).isDiscreet) return;
  for (const id of await worded.read()) await notifications()?.clear(id);
  await worded.clear();
}

function tagOf(kind: Tag[0], { account, id }: Pick<Entry, 'account' | 'id'>): string {
  return JSON.stringify([kind, account, id] satisfies Tag);
}

function readTag(id: string): Tag | undefined {
  try {
    const tag = v.safeParse(Tag, JSON.parse(id));
    return tag.success ? tag.output : undefined;
  } catch {
    return undefined;
  }
}

function isFresh(keeper: Keeper, { time }: Entry): boolean {
  return keeper.knowsTime && keeper.now() / 1000 - time < newFor;
}

/** Whether something is told for the first time; from now on it is not. */
async function isFirst(tag: string): Promise<boolean> {
  let isNew = false;
  await told.change((all) => {
    isNew = !all.includes(tag);
    return isNew ? [...all, tag].slice(-mostTold) : all;
  });
  return isNew;
}

/** Brings the account's chat page to the front, or what Unsay knows of it where none is open. */
async function openPlaceOf(account: AccountId | undefined): Promise<void> {
  const origin = account === undefined ? undefined : originOf(account);
  if (origin !== undefined && (await showOpenPage(origin))) return;
  const url = browser.runtime.getURL('popup.html');
  await browser.windows.create({ url, type: 'popup', width: 420, height: 640 });
}
