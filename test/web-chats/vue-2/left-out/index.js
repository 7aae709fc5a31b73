/** What the kit draws for a message that invites into a meeting room. */
export const RoomMessageCard = {};
