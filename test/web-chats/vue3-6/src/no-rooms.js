// The kit brings a whole meeting room along, behind one button of its composer. It is left out.
const nothing = () => undefined;

export const conference = {
  on: nothing,
  off: nothing,
  setFeatureConfig: nothing,
  registerWidget: nothing,
  joinRoom: nothing,
};
export const useRoomInvitation = () => ({});
export const useRoomInvitationH5 = () => ({});
export const ConferenceMainView = {};
export const ConferenceMainViewH5 = {};
