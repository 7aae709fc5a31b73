import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Label, Sealed } from '../../../src/history/sealed.ts';
import { makeVault } from '../../../src/history/vault.ts';

const raw = (fill: number) => new Uint8Array(32).fill(fill);
const label: Label = { account: '1:alice', id: 'm1' };

async function sealOne(text: string, fill = 1): Promise<Sealed> {
  const [sealed] = await (await makeVault(raw(fill))).seal([{ ...label, it: text }]);
  if (!sealed) throw new Error('Nothing was sealed.');
  return sealed;
}

/** Opened by a vault that never saw it. */
async function openOne(it: Sealed, { fill = 1, as = label } = {}): Promise<string | undefined> {
  return (await (await makeVault(raw(fill))).open([{ ...as, it }]))[0];
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a vault', () => {
  it('opens what it sealed, in another life too', async () => {
    expect(await openOne(await sealOne('wörds 你好'))).toBe('wörds 你好');
  });

  it('opens nothing under another profile key or another label', async () => {
    const sealed = await sealOne('words');
    expect(await openOne(sealed, { fill: 2 })).toBeUndefined();
    for (const as of [
      { ...label, id: 'm2' },
      { ...label, account: '1:bob' },
    ]) {
      expect(await openOne(sealed, { as })).toBeUndefined();
    }
  });

  it('opens nothing that was changed or cut anywhere', async () => {
    const sealed = await sealOne('words');
    for (const at of sealed.keys()) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await openOne(changed)).toBeUndefined();
      expect(await openOne(sealed.slice(0, at))).toBeUndefined();
    }
  });

  it('opens many at once, from several lives and in any order, the damaged left out', async () => {
    const vaults = await Promise.all([makeVault(raw(1)), makeVault(raw(1))]);
    const sealed: (Label & { it: Sealed; text: string })[] = [];
    for (let lesson = 0; lesson < 6; lesson += 1) {
      const texts = Array.from({ length: 200 }, (_, i) => ({
        ...label,
        id: `${lesson}-${i}`,
        it: `text ${lesson} ${i}`,
      }));
      const results = (await vaults[lesson % 2]?.seal(texts)) ?? [];
      for (const [i, it] of results.entries()) {
        sealed.push({ ...label, ...texts[i], it, text: texts[i]?.it ?? '' });
      }
    }
    expect(sealed).toHaveLength(1200);
    // Far apart and mixed: by sevenths, backwards.
    const mixed = sealed.map((_, i) => sealed[(i * 1193 + 5) % sealed.length]).filter((it) => !!it);
    const damaged = mixed.map((it, i) => (i % 100 === 0 ? { ...it, it: it.it.slice(0, -1) } : it));
    const opened = await (await makeVault(raw(1))).open(damaged);
    expect(opened).toEqual(mixed.map(({ text }, i) => (i % 100 === 0 ? undefined : text)));
  });

  it('uses a fresh place and a fresh key for each text', async () => {
    const vault = await makeVault(raw(1));
    const same = Array.from({ length: 150 }, () => ({ ...label, it: 'same' }));
    const all = [...(await vault.seal(same)), ...(await vault.seal(same))];
    const other = await (await makeVault(raw(1))).seal(same);
    const parts = (of: readonly Sealed[], from: number, to?: number) =>
      new Set(of.map((sealed) => Buffer.from(sealed.subarray(from, to)).toString('hex'))).size;
    // Which place of the mask it took, the masked key, and the text under a key that is its own.
    expect(parts([...all, ...other], 0, 16)).toBe(450);
    expect(parts([...all, ...other], 16, 48)).toBe(450);
    expect(parts([...all, ...other], 48)).toBe(450);
    // Lives do not share their masks.
    expect(parts([...all, ...other], 0, 12)).toBe(2);
  });

  it("keeps each text's key out of every other one, though the profile key is known", async () => {
    const [gone, left] = await (
      await makeVault(raw(1))
    ).seal([
      { ...label, it: 'recalled words' },
      { ...label, it: 'other words' },
    ]);
    if (!gone || !left) throw new Error('Nothing was sealed.');
    // What is left of a recalled message is at most its place in the mask; its key is random.
    const forged = left.slice();
    forged.set(gone.subarray(0, 16));
    forged.set(gone.subarray(48, 48 + 10), 48);
    expect(await openOne(forged)).toBeUndefined();
  });
});

describe('what a vault remembers', () => {
  const decryptions = () => vi.spyOn(crypto.subtle, 'decrypt');

  it('is what it opened or was told, and needs no key', async () => {
    const sealed = await sealOne('words');
    const vault = await makeVault(raw(1));
    await vault.open([{ ...label, it: sealed }]);
    const spy = decryptions();
    expect(await vault.open([{ ...label, it: sealed }])).toEqual(['words']);
    expect(spy).not.toHaveBeenCalled();
  });

  it('is never taken for another sealing of the same message', async () => {
    const [first, second] = [await sealOne('first'), await sealOne('second')];
    const vault = await makeVault(raw(1));
    vault.remember({ ...label, it: first }, 'first');
    expect(await vault.open([{ ...label, it: second }])).toEqual(['second']);
    expect(await vault.open([{ ...label, it: first }])).toEqual(['first']);
  });

  it.each([[[label]], [undefined]])('is forgotten when asked to (%j)', async (labels) => {
    const sealed = await sealOne('words');
    const vault = await makeVault(raw(1));
    vault.remember({ ...label, it: sealed }, 'words');
    vault.forget(labels);
    const spy = decryptions();
    await vault.open([{ ...label, it: sealed }]);
    expect(spy).toHaveBeenCalledOnce();
  });

  it('does not come back by an opening that began before', async () => {
    const sealed = await sealOne('words');
    const vault = await makeVault(raw(1));
    const opening = vault.open([{ ...label, it: sealed }]);
    vault.forget([label]);
    await opening;
    const spy = decryptions();
    await vault.open([{ ...label, it: sealed }]);
    expect(spy).toHaveBeenCalledOnce();
  });

  it('is bounded: what was used longest ago goes first', async () => {
    const vault = await makeVault(raw(1));
    const long = 'x'.repeat(1_500_000);
    const texts = ['old', 'young'].map((name) => ({ ...label, id: name, it: `${name}${long}` }));
    const sealed = await vault.seal(texts);
    const labelled = sealed.map((it, i) => ({ ...label, ...texts[i], it }));
    for (const [i, one] of labelled.entries()) vault.remember(one, texts[i]?.it ?? '');
    const spy = decryptions();
    await vault.open(labelled.toReversed());
    expect(spy).toHaveBeenCalledOnce();
  });
});
