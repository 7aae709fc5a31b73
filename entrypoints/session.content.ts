import { defineContentScript } from 'wxt/utils/define-content-script';
import { startReader } from '../src/page/session/reader.ts';

// Registered by the worker for document_start, and only where the user turned Unsay on.
export default defineContentScript({
  registration: 'runtime',
  world: 'MAIN',
  main() {
    startReader(document, window);
  },
});
