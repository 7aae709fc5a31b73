import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { readEarly } from '../src/contract/early-glance.ts';

// The popup's page names it before anything else.
export default defineUnlistedScript(() => {
  readEarly();
});
