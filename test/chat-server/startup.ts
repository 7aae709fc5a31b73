import * as v from 'valibot';
import { constant, query, type Command } from './command.ts';

/** What the SDK asks after login that this server has nothing special to say to. */

const ALL_FEATURES = '1'.repeat(64);

const fetchConfig = query(v.unknown(), (_request, _caller, { sdkAppId }) => ({
  int32_error_code: 0,
  str_error_message: '',
  str_json_config: '{}',
  uint32_expired_time: 3600,
  uint32_sdkappid: sdkAppId,
  uint64_version: 1,
}));

export const STARTUP_COMMANDS: Record<string, Command> = {
  'im_sdk_config_mgr.fetch_config': fetchConfig,
  'im_sdk_config_mgr.fetch_imsdk_purchase_bitsv2': constant({
    int32_error_code: 0,
    str_error_message: '',
    str_purchase_bits: ALL_FEATURES,
    uint32_expired_time: 86_400,
  }),
  'sns.black_list_get': constant({ BlackListItem: [], StartIndex: 0, CurruentSequence: 0 }),
  'sns.friend_get': constant({
    UserDataItem: [],
    StandardSequence: 0,
    CustomSequence: 0,
    FriendNum: 0,
    CompleteFlag: 1,
    NextStartIndex: 0,
  }),
  'sns.group_get': constant({ ResultItem: [], CurrentSequence: 0 }),
  'sns.pendency_get': constant({
    PendencyItem: [],
    StartTime: 0,
    CurrentPendencySequence: 0,
    UnreadPendencyCount: 0,
  }),
  'recentcontact.get_contact_group': constant({
    CompleteFlag: 1,
    NextStartIndex: 0,
    ContactItem: [],
    GroupItem: [],
  }),
  'recentcontact.search_contact_group': constant({ ContactResultItem: [], GroupItem: [] }),
};

/** All bits on: every paid feature counts as bought. */
export const PURCHASED_FEATURES = ALL_FEATURES;
