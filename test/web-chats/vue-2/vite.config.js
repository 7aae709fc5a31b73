import vue from '@vitejs/plugin-vue';

import { pageConfig } from '../page-config.js';

export default pageConfig({ plugins: [vue()] });
