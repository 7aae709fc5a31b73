import type { ChatServer } from './server.ts';

/** Who lives on the server of the tour, of the end-to-end tests and of the program. */
export const people = [
  { id: 'alice', nick: 'Alice' },
  { id: 'bob', nick: 'Bob' },
  { id: 'carol', nick: 'Carol' },
] as const;

/** Adds Alice, Bob and Carol and the group "team": owner Alice, admin Bob, member Carol. */
export function addPeople(server: ChatServer): void {
  for (const person of people) server.addUser(person);
  const members = people.map(({ id }) => id);
  server.addGroup({ id: 'team', name: 'Team', owner: 'alice', admins: ['bob'], members });
}
