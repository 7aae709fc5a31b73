/**
 * The server says no: becomes `{ActionStatus: 'FAIL', ErrorCode, ErrorInfo}` on the wire and
 * rejects the SDK's promise with that code.
 */
export class Refusal extends Error {
  readonly code: number;
  /** Further fields of the answer, e.g. the current text of a message that could not be modified. */
  readonly fields: Record<string, unknown>;

  constructor(code: number, why: string, fields: Record<string, unknown> = {}) {
    super(why);
    this.name = 'Refusal';
    this.code = code;
    this.fields = fields;
  }
}

/**
 * Error codes of the service as its public documentation lists them. Where the documentation is
 * silent the comment says what was chosen.
 */
export const CODES = {
  kicked: 1002,
  userSigExpired: 70001,
  userSigBroken: 70003,
  userSigWrongKey: 70009,
  userSigWrongUser: 70013,
  userSigWrongApp: 70014,
  ticketInvalid: 70052,
  noSuchAccount: 70107,
  notJson: 60003,
  tooFrequent: 60007,
  /** Documented as an internal time-out of the service. */
  serverBug: 60008,
  c2cBadRequest: 90001,
  c2cBadBody: 90002,
  c2cTooLong: 80002,
  c2cReceiverUnknown: 20003,
  c2cRecallTooLate: 20016,
  /** Also for "not the sender", which the documentation gives no code for. */
  c2cMessageNotFound: 20022,
  c2cAlreadyRecalled: 20023,
  c2cModifyConflict: 20027,
  groupBadRequest: 10004,
  groupNotAllowed: 10007,
  groupNotFound: 10010,
  groupMuted: 10017,
  groupTooFrequent: 10023,
  /** Also for "already recalled", which the documentation gives no code for. */
  groupMessageNotFound: 10030,
  groupRecallTooLate: 10031,
  groupMessageNotRecallable: 10032,
  groupTypeNotRecallable: 10033,
  profileBadRequest: 40001,
} as const;
