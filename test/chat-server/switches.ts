/** An error code given in place of doing what was asked. */
export interface RefusalRule {
  code: number;
  /** How often; for ever when absent. */
  times?: number;
  info?: string;
}

/** More than `count` commands of one user within `seconds` are refused with `code`. */
export interface RateLimit {
  count: number;
  seconds: number;
  /** Default: 10023 for group commands, 60007 for others. */
  code?: number;
  /** Default: sending and recalling. */
  commands?: readonly string[];
}

/** What tests may change while the server runs. Every field takes effect at once. */
export interface Switches {
  /** Seconds after sending within which a message may be recalled; 0 refuses every recall as too late. */
  recallWindowSeconds: number;
  /** Web sessions one user may have at once; one more and the oldest is kicked out. */
  maxWebInstances: number;
  /** Added to the machine's clock in everything the server says and decides. */
  clockOffsetSeconds: number;
  /** Whether the recall notice also goes to the connection that asked for the recall. */
  pushRecallToCaller: boolean;
  /**
   * Recall notices are not pushed. They stay in the store a client asks after a reconnect or a
   * new login (C2C: getmsg, group: batch_get_group_notify), as with a push lost on the way.
   */
  loseNotices: boolean;
  /** Message pushes are not delivered either; C2C ones stay in the same store. */
  loseMessages: boolean;
  /** Milliseconds every frame to a client waits, order kept. */
  delayMs: number;
  /** Commands that are carried out when this resolves, by command name: still on their way till then. */
  held: Map<string, Promise<unknown>>;
  /** Milliseconds that the answer to one command waits on top, by command name. */
  delayAnswerMs: Map<string, number>;
  /** Seconds between two `wshello` of clients that log in from now on. */
  helloIntervalSeconds: number;
  /** Commands refused with an error code instead of being carried out, by command name. */
  refuse: Map<string, number | RefusalRule>;
  /**
   * Commands that get no answer, by command name. `ignored`: nothing is done. `done`: it is carried
   * out and only the answer is lost.
   */
  silent: Map<string, 'ignored' | 'done'>;
  rateLimit: RateLimit | null;
  /** New connections are refused; those that are open stay. */
  refuseConnections: boolean;
  /** Connections are accepted and then nothing is answered or pushed. */
  isFrozen: boolean;
  /** Frames to clients are compressed (COMP). */
  compress: boolean;
}

export function makeSwitches(initial: Partial<Switches>): Switches {
  return {
    recallWindowSeconds: 120,
    maxWebInstances: 1,
    clockOffsetSeconds: 0,
    pushRecallToCaller: true,
    loseNotices: false,
    loseMessages: false,
    delayMs: 0,
    held: new Map(),
    delayAnswerMs: new Map(),
    helloIntervalSeconds: 120,
    refuse: new Map(),
    silent: new Map(),
    rateLimit: null,
    refuseConnections: false,
    isFrozen: false,
    compress: false,
    ...initial,
  };
}

/** The refusal a switch asks for this command, counting down one that is limited in times. */
export function takeRefusal(switches: Switches, servcmd: string): RefusalRule | null {
  const rule = switches.refuse.get(servcmd);
  if (rule === undefined) return null;
  if (typeof rule === 'number') return { code: rule };
  if (rule.times === undefined) return rule;
  if (rule.times <= 1) switches.refuse.delete(servcmd);
  else switches.refuse.set(servcmd, { ...rule, times: rule.times - 1 });
  return rule.times > 0 ? rule : null;
}
