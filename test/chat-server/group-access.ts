import type { Group } from './model.ts';
import { CODES, Refusal } from './refusal.ts';
import type { Store } from './store.ts';

/** The group, if it exists and the user is in it; else the {@link Refusal} of the service. */
export function findJoinedGroup(store: Store, groupId: string, userId: string): Group {
  const group = store.groups.get(groupId);
  if (group === undefined) throw new Refusal(CODES.groupNotFound, 'The group does not exist');
  if (!group.members.has(userId)) {
    throw new Refusal(CODES.groupNotAllowed, 'You are not a member of the group');
  }
  return group;
}
