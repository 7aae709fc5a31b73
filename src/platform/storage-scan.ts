import { browser } from './browser.ts';

/** How many values hold a text, in each place the browser keeps for an extension. */
export interface StorageHolding {
  /** `storage.local`, on the disk. */
  readonly disk: number;
  /** `storage.session`, in memory until the browser closes. */
  readonly session: number;
}

/** Every key and every string in a stored value, however deep. */
function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsOf(inner)]);
}

async function count(area: 'local' | 'session', text: string): Promise<number> {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return 0;
  const stored = Object.entries(await browser.storage[area].get());
  const holds = (one: string): boolean => one.toLowerCase().includes(wanted);
  return stored.filter(([key, value]) => [key, ...stringsOf(value)].some(holds)).length;
}

/** Looks for a text, whatever its case, in everything Unsay stores outside of its history. */
export async function countStored(text: string): Promise<StorageHolding> {
  const [disk, session] = await Promise.all([count('local', text), count('session', text)]);
  return { disk, session };
}
