import * as v from 'valibot';
import { action, query, type Command } from './command.ts';
import { CODES, Refusal } from './refusal.ts';

/** User profiles: nick, avatar and the other `Tag_Profile_…` fields. */

const MAX_TAGS = 64;
const TagSchema = v.pipe(v.string(), v.regex(/^Tag_Profile_\w{1,48}$/));
const ValueSchema = v.union([v.pipe(v.string(), v.maxLength(500)), v.number()]);

const read = query(
  v.object({
    UserItem: v.pipe(v.array(v.object({ To_Account: v.string() })), v.maxLength(100)),
  }),
  (request, _caller, { store }) => ({
    UserProfileItem: request.UserItem.map(({ To_Account }) => {
      const user = store.users.get(To_Account);
      if (user === undefined) return { To_Account: '@TLS#NOT_FOUND', ProfileItem: [] };
      return {
        To_Account,
        ProfileItem: [...user.profile].map(([Tag, Value]) => ({ Tag, Value })),
      };
    }),
    CurrentStandardSequence: 0,
  }),
);

const write = action(
  v.object({
    ProfileItem: v.pipe(
      v.array(v.object({ Tag: TagSchema, Value: ValueSchema })),
      v.maxLength(MAX_TAGS),
    ),
  }),
  (request, caller, { store }) => {
    const { profile } = store.user(caller.userId);
    for (const { Tag, Value } of request.ProfileItem) {
      if (!profile.has(Tag) && profile.size >= MAX_TAGS) {
        throw new Refusal(CODES.profileBadRequest, 'Too many profile fields');
      }
      profile.set(Tag, Value);
    }
    return {};
  },
);

export const PROFILE_COMMANDS: Record<string, Command> = {
  'profile.portrait_get_all': read,
  'profile.portrait_set': write,
};
