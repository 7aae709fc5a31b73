import { fileURLToPath } from 'node:url';

import { pageConfig } from '../page-config.js';

export default pageConfig({
  resolve: {
    alias: {
      '@tencentcloud/roomkit-web-vue3': fileURLToPath(
        new URL('./src/no-rooms.js', import.meta.url),
      ),
    },
  },
});
