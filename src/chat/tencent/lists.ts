import * as v from 'valibot';
import { LinkError, timedOut } from '../link.ts';
import type { ConversationFacts, Role } from '../../message/message.ts';
import { uncaught } from './codes.ts';
import { readConversations, readRoles } from './readings.ts';
import type { Asking, Caller } from './caller.ts';

/** How long the SDK may take to read its lists from the service, ms. */
const longestSync = 20_000;
/** How long to wait for news of a list before looking again, ms. */
const longestLook = 100;

const ConversationList = v.object({
  data: v.object({ conversationList: v.array(v.unknown()), isSyncCompleted: v.boolean() }),
});
const GroupList = v.object({
  data: v.object({ groupList: v.array(v.unknown()), isSyncCompleted: v.boolean() }),
});

/**
 * The conversations and my roles in their groups. The SDK keeps them apart and tells the whole list
 * with every message; here they are one, and only what changed is told.
 */
export class Lists {
  readonly #me: string;
  readonly #tell: (conversations: readonly ConversationFacts[]) => void;
  readonly #drop: (malformed: number) => void;
  #roles: ReadonlyMap<string, Role> = new Map();
  /** What is known outside, by conversation, as JSON. */
  readonly #told = new Map<string, string>();
  #news: (() => void)[] = [];
  /** The SDK did not come to the end of its lists in time. */
  #isStuck = false;

  /** `me`: my UserID. `drop` hears how many malformed conversations were left out. */
  constructor(
    me: string,
    tell: (conversations: readonly ConversationFacts[]) => void,
    drop: (malformed: number) => void,
  ) {
    this.#me = me;
    this.#tell = tell;
    this.#drop = drop;
  }

  /** The SDK is signed in anew, and reads its lists anew. */
  begin(): void {
    this.#isStuck = false;
  }

  /** The SDK's list of conversations changed. */
  onConversations(list: unknown): void {
    this.#wakeUp();
    const changed = this.#read(list).filter((facts) => this.#remember(facts));
    if (changed.length > 0) this.#tell(changed);
  }

  /** The SDK's list of groups changed; the caller has the conversations to it. */
  async onGroups(caller: Caller, list: unknown): Promise<void> {
    this.#wakeUp();
    this.#roles = readRoles(list);
    const answer = await ask(caller, ConversationList, (chat) => chat.getConversationList());
    this.onConversations(answer.data.conversationList);
  }

  /** Asks the service for my role in a group; the SDK does not follow its changes (seen with 3.6.6). */
  async refreshRole(caller: Caller, groupID: string): Promise<void> {
    await caller.call((chat) => chat.getGroupProfile({ groupID }));
    const answer = await ask(caller, GroupList, (chat) => chat.getGroupList());
    await this.onGroups(caller, answer.data.groupList);
  }

  /**
   * All conversations, once the SDK has read them all. Of one that does not come to the end in time,
   * those it has: it reads the liveliest first, and never goes on where one answer was lost
   * (lite-chat 1.6.13). Rejects with `LinkError`, also when it has none by then.
   */
  async all(caller: Caller): Promise<readonly ConversationFacts[]> {
    const deadline = performance.now() + longestSync;
    for (;;) {
      const [groups, conversations] = await Promise.all([
        ask(caller, GroupList, (chat) => chat.getGroupList()),
        ask(caller, ConversationList, (chat) => chat.getConversationList()),
      ]);
      const isDone = groups.data.isSyncCompleted && conversations.data.isSyncCompleted;
      const isOver = this.#isStuck || performance.now() > deadline;
      if (isDone || (isOver && conversations.data.conversationList.length > 0)) {
        this.#isStuck = !isDone;
        this.#roles = readRoles(groups.data.groupList);
        const all = this.#read(conversations.data.conversationList);
        for (const facts of all) this.#remember(facts);
        return all;
      }
      if (isOver) throw new LinkError(timedOut);
      await this.#nextNews();
    }
  }

  #read(list: unknown): readonly ConversationFacts[] {
    const { conversations, malformed } = readConversations(list, this.#me, this.#roles);
    this.#drop(malformed);
    return conversations;
  }

  /** Whether these facts are news. */
  #remember(facts: ConversationFacts): boolean {
    const json = JSON.stringify(facts);
    const isNews = this.#told.get(facts.id) !== json;
    this.#told.set(facts.id, json);
    return isNews;
  }

  #nextNews(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, longestLook);
      this.#news.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wakeUp(): void {
    const waiting = this.#news;
    this.#news = [];
    for (const wake of waiting) wake();
  }
}

async function ask<Schema extends v.GenericSchema>(
  caller: Caller,
  schema: Schema,
  question: (chat: Asking) => Promise<unknown>,
): Promise<v.InferOutput<Schema>> {
  const answer = v.safeParse(schema, await caller.call(question));
  if (!answer.success) throw new LinkError(uncaught);
  return answer.output;
}
