import type { ProgressView } from '../contract/views.ts';

/** A recall asked for in this page, as far as this page knows by itself. */
export type OwnProgress = ProgressView | { readonly state: 'unanswered' };
