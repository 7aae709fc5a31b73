import { CODES, Refusal } from './refusal.ts';
import type { RateLimit } from './switches.ts';

/** What a rate limit counts unless it says otherwise. */
const LIMITED = [
  'openim.sendmsg',
  'openim.msgwithdraw',
  'group_open_http_svc.send_group_msg',
  'group_open_http_svc.group_msg_recall',
];

/** Counts the commands of each user against the limit that is set. */
export class RateMeter {
  private readonly times = new Map<string, number[]>();

  /** Counts this command; throws the {@link Refusal} when it is one too many. */
  check(limit: RateLimit | null, userId: string, servcmd: string): void {
    if (limit === null) {
      this.times.clear();
      return;
    }
    if (!(limit.commands ?? LIMITED).includes(servcmd)) return;
    const now = performance.now();
    const recent = (this.times.get(userId) ?? []).filter((at) => now - at < limit.seconds * 1000);
    this.times.set(userId, recent);
    if (recent.length >= limit.count) {
      const isGroup = servcmd.startsWith('group_open_http_svc.');
      throw new Refusal(
        limit.code ?? (isGroup ? CODES.groupTooFrequent : CODES.tooFrequent),
        `More than ${limit.count} commands in ${limit.seconds} s`,
      );
    }
    recent.push(now);
  }
}
