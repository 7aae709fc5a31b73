import type { Glance } from '../contract/views.ts';

/**
 * A glance as it is while the browser itself says that there is no network: a link hears of that only
 * when it is not answered, some seconds later.
 */
export function withoutNetwork(glance: Glance): Glance {
  return {
    ...glance,
    accounts: glance.accounts.map((account) =>
      account.state.name === 'connected' || account.state.name === 'connecting'
        ? { ...account, state: { name: 'reconnecting' } }
        : account,
    ),
  };
}
