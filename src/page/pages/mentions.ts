/** How a kit's composer holds a mention. */
export interface MentionField {
  /** The field itself. */
  readonly field: string;
  /** Whether the kit writes a space behind a mention when it sends it, besides the one that is there. */
  readonly writesSpace: boolean;
}

/**
 * Composers in which a mention is a node of TipTap's (`@tiptap/extension-mention` 2), seen with
 * chat-uikit-vue 2.5.6 and 3.0.2, then with chat-uikit-react 6.1.7 and chat-uikit-vue3 6.1.8. Those of
 * chat-uikit-react 2 and 3 have none, and on telephones the kits have fields of their own, without
 * nodes.
 */
export const mentionFields: readonly MentionField[] = [
  { field: '.message-input-editor-area .ProseMirror', writesSpace: true },
  {
    field: '[class*="MessageInput"] .ProseMirror, .message-input > .ProseMirror',
    writesSpace: false,
  },
];
