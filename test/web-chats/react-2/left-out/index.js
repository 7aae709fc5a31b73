/** What the kit draws for a message about a call. */
export const CallMessage = () => null;
