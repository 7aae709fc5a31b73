/** The store's pictures, in the order they are shown. */
export const pictureNames = ['recall', 'placeholder', 'popup', 'welcome'] as const;
export type PictureName = (typeof pictureNames)[number];
