/** Whether node_modules of the project in `root` holds what its package-lock.json names. */
export function isInstalled(root: string): boolean;
