import { describe, expect, it } from 'vitest';
import { makeVault } from '../../../src/history/vault.ts';

const raw = (fill: number) => new Uint8Array(32).fill(fill);

describe('a vault', () => {
  it('opens what it sealed, in another life too, given raw bytes or a key object', async () => {
    const object = await crypto.subtle.importKey('raw', raw(1), 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]);
    const sealed = await (await makeVault(object)).seal('wörds 你好', 'label');
    expect(await (await makeVault(raw(1))).open(sealed, 'label')).toBe('wörds 你好');
  });

  it('opens nothing under another profile key or another label', async () => {
    const vault = await makeVault(raw(1));
    const sealed = await vault.seal('words', 'label');
    expect(await vault.open(sealed, 'other label')).toBeUndefined();
    expect(await (await makeVault(raw(2))).open(sealed, 'label')).toBeUndefined();
  });

  it('opens nothing that was changed or cut anywhere', async () => {
    const vault = await makeVault(raw(1));
    const sealed = await vault.seal('words', 'label');
    for (const at of sealed.keys()) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(await vault.open(changed, 'label')).toBeUndefined();
      expect(await vault.open(sealed.slice(0, at), 'label')).toBeUndefined();
    }
  });

  it('uses a fresh nonce and a fresh key for each text', async () => {
    const vault = await makeVault(raw(1));
    const all = await Promise.all(Array.from({ length: 300 }, () => vault.seal('same', 'same')));
    const parts = (from: number, to?: number) =>
      new Set(all.map((sealed) => Buffer.from(sealed.subarray(from, to)).toString('hex'))).size;
    // The nonce of the wrapping, and the text under a key that is its own.
    expect(parts(0, 12)).toBe(300);
    expect(parts(60)).toBe(300);
  });
});
