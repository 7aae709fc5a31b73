import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { forgetManaged, readManaged, rememberManaged } from '../../../src/platform/managed.ts';
import { remembered, type RememberedArea } from '../../../src/platform/remembering.ts';
import type { Area } from '../../../src/platform/storage-area.ts';

/** A browser's area of which the test says when it does what it was asked, and when it tells of it. */
class SlowArea implements Area {
  readonly kept: Record<string, unknown> = {};
  asked = 0;
  isFull = false;
  hear: RememberedArea['hear'] = () => undefined;
  readonly #waiting: (() => void)[] = [];

  async get(key: string): Promise<unknown> {
    this.asked += 1;
    await this.#turn();
    const value = this.kept[key];
    await this.#turn();
    return value;
  }

  async all(): Promise<Record<string, unknown>> {
    this.asked += 1;
    await this.#turn();
    const all = { ...this.kept };
    await this.#turn();
    return all;
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.#turn();
    if (this.isFull) throw new Error('The disk is full.');
    this.write(key, value);
    await this.#turn();
  }

  async remove(key: string): Promise<void> {
    await this.#turn();
    this.write(key, undefined);
    await this.#turn();
  }

  /** Whoever writes it: it is told later. */
  write(key: string, value: unknown): void {
    const kept = JSON.stringify(value) as string | undefined;
    if (kept === JSON.stringify(this.kept[key])) return;
    if (kept === undefined) Reflect.deleteProperty(this.kept, key);
    else this.kept[key] = JSON.parse(kept);
    const told: unknown = this.kept[key];
    void this.#turn().then(() => {
      this.hear(key, told);
    });
  }

  /** Does what was asked for first, last or in between. */
  async step(which: number): Promise<void> {
    const at = this.#waiting.length === 0 ? 0 : which % this.#waiting.length;
    this.#waiting.splice(at, 1)[0]?.();
    await new Promise(setImmediate);
  }

  async rest(): Promise<void> {
    while (this.#waiting.length > 0) await this.step(0);
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

const made = (): { slow: SlowArea; area: RememberedArea } => {
  const slow = new SlowArea();
  const area = remembered(slow);
  slow.hear = (key, value) => {
    area.hear(key, value);
  };
  return { slow, area };
};

/** What comes of it once the browser has done all it was asked. */
const settled = async <T>(slow: SlowArea, work: Promise<T>): Promise<T> => {
  work.catch(() => undefined);
  await new Promise(setImmediate);
  await slow.rest();
  return work;
};

describe('what the browser keeps, remembered', () => {
  it('is asked for once, whatever is read, also what is not there', async () => {
    const { slow, area } = made();
    Object.assign(slow.kept, { a: 1, b: { c: [2] } });
    const reads = Promise.all(['a', 'b', 'none', 'a', 'b', 'none'].map((key) => area.get(key)));
    expect(await settled(slow, reads)).toEqual([
      1,
      { c: [2] },
      undefined,
      1,
      { c: [2] },
      undefined,
    ]);
    expect(await settled(slow, area.get('a'))).toBe(1);
    expect(slow.asked).toBe(1);
  });

  it('is known after it was written, as the browser would give it back', async () => {
    const { slow, area } = made();
    await settled(slow, area.get('a'));
    const value = { b: 1, c: undefined };
    await settled(slow, area.set('a', value));
    value.b = 2;
    expect(await area.get('a')).toStrictEqual({ b: 1 });
    await settled(slow, area.remove('a'));
    expect(await area.get('a')).toBeUndefined();
    expect(slow.asked).toBe(1);
  });

  it('is not asked for anew when the browser tells of our own writing, its keys in another order', async () => {
    const { slow, area } = made();
    await settled(slow, area.set('a', { b: 1, a: [{ y: 1, x: null }] }));
    await settled(slow, area.get('none'));
    const { asked } = slow;
    area.hear('a', { a: [{ x: null, y: 1 }], b: 1 });
    await settled(slow, area.get('a'));
    expect(slow.asked).toBe(asked);
    area.hear('a', { a: [{ x: null, y: 2 }], b: 1 });
    await settled(slow, area.get('a'));
    expect(slow.asked).toBe(asked + 1);
  });

  it('is asked for anew after a writing that failed', async () => {
    const { slow, area } = made();
    await settled(slow, area.set('a', 1));
    slow.isFull = true;
    await expect(settled(slow, area.set('a', 2))).rejects.toThrow('full');
    expect(await settled(slow, area.get('a'))).toBe(1);
  });

  it('is asked for anew after a reading that failed, and that fails for whoever waited', async () => {
    const { slow, area } = made();
    slow.kept.a = 1;
    vi.spyOn(slow, 'all').mockRejectedValueOnce(new Error('No.'));
    await expect(area.get('a')).rejects.toThrow('No.');
    expect(await settled(slow, area.get('a'))).toBe(1);
    area.hear('a', 3);
    vi.spyOn(slow, 'get').mockRejectedValueOnce(new Error('No.'));
    await expect(area.get('a')).rejects.toThrow('No.');
    expect(await settled(slow, area.get('a'))).toBe(1);
  });

  it('is what the browser keeps, whoever writes when and whatever of it comes first', async () => {
    const key = fc.constantFrom('a', 'b');
    const step = fc.record({ does: fc.constant('step' as const), which: fc.nat(5) });
    const does = fc.oneof(
      { arbitrary: step, weight: 4 },
      fc.record({ does: fc.constantFrom('get', 'remove', 'remove-elsewhere' as const), key }),
      fc.record({ does: fc.constantFrom('set', 'set-elsewhere' as const), key, value: fc.nat(3) }),
      fc.record({ does: fc.constant('fill' as const), isFull: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(does, { minLength: 10, maxLength: 40, size: 'max' }),
        async (all) => {
          const { slow, area } = made();
          slow.kept.a = 9;
          // As everything stored does: one writing of a key at a time.
          const turns: Record<string, Promise<unknown>> = {};
          const inTurn = (of: string, work: () => Promise<unknown>): void => {
            turns[of] = (turns[of] ?? Promise.resolve()).then(work).catch(() => undefined);
          };
          for (const one of all) {
            if (one.does === 'step') await slow.step(one.which);
            else if (one.does === 'fill') slow.isFull = one.isFull;
            else if (one.does === 'get') area.get(one.key).catch(() => undefined);
            else if (one.does === 'remove') inTurn(one.key, () => area.remove(one.key));
            else if (one.does === 'remove-elsewhere') slow.write(one.key, undefined);
            else if (one.does === 'set') {
              const { key: of, value } = one;
              inTurn(of, () => area.set(of, value));
            } else if ('value' in one) slow.write(one.key, one.value);
          }
          await settled(slow, Promise.all(Object.values(turns)));
          await slow.rest();
          for (const of of ['a', 'b']) {
            expect(await settled(slow, area.get(of))).toBe(slow.kept[of]);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('a policy, remembered', () => {
  beforeEach(() => {
    fakeBrowser.reset();
  });

  it('is asked for once, and anew when the browser tells of another', async () => {
    rememberManaged();
    await fakeBrowser.storage.managed.set({ discreetMode: true });
    const asks = vi.spyOn(fakeBrowser.storage.managed, 'get');
    expect(await Promise.all([readManaged(), readManaged()])).toEqual([
      { discreetMode: true },
      { discreetMode: true },
    ]);
    await readManaged();
    expect(asks).toHaveBeenCalledTimes(1);
    await fakeBrowser.storage.managed.set({ discreetMode: false });
    forgetManaged();
    expect(await readManaged()).toEqual({ discreetMode: false });
  });

  describe('that cannot be read', () => {
    const set = { discreetMode: true };
    const failing = () =>
      vi.spyOn(fakeBrowser.storage.managed, 'get').mockRejectedValue(new Error('Not now.'));
    /** What is read, however long that takes. */
    const patiently = async (): Promise<unknown> => {
      const reading = readManaged().catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(10_000);
      return reading;
    };
    beforeEach(async () => {
      vi.useFakeTimers();
      await fakeBrowser.storage.local.clear();
      rememberManaged();
    });
    afterEach(() => {
      vi.useRealTimers();
      vi.restoreAllMocks();
    });

    it('for a moment is asked for again: less than it says must never hold', async () => {
      await fakeBrowser.storage.managed.set(set);
      const notNow = new Error('Not now.');
      const get = vi.spyOn(fakeBrowser.storage.managed, 'get');
      get.mockRejectedValueOnce(notNow).mockRejectedValueOnce(notNow);
      expect(await patiently()).toEqual(set);
    });

    it('is not as an answer says that came after one to a later question', async () => {
      const answers = [{ discreetMode: false }, set].map((value) => {
        const { promise, resolve } = Promise.withResolvers<typeof value>();
        return { promise, answer: () => (resolve(value), promise) };
      });
      const get = vi.spyOn(fakeBrowser.storage.managed, 'get');
      for (const { promise } of answers) get.mockReturnValueOnce(promise as never);
      const readings = [readManaged()];
      forgetManaged();
      readings.push(readManaged());
      for (const { answer } of answers.toReversed()) await answer();
      await Promise.all(readings);
      failing();
      forgetManaged();
      expect(await patiently()).toEqual(set);
      rememberManaged();
      expect(await patiently()).toEqual(set);
    });

    it('is as it was when this worker or one before could', async () => {
      await fakeBrowser.storage.managed.set(set);
      expect(await readManaged()).toEqual(set);
      failing();
      forgetManaged();
      expect(await patiently()).toEqual(set);
      rememberManaged();
      expect(await patiently()).toEqual(set);
      vi.restoreAllMocks();
      await fakeBrowser.storage.managed.set({ discreetMode: false });
      expect(await readManaged()).toEqual({ discreetMode: false });
    });

    it('and was not known before counts as neither set nor not set', async () => {
      await fakeBrowser.storage.managed.set(set);
      failing();
      expect(await patiently()).toEqual(new Error('Not now.'));
      vi.restoreAllMocks();
      expect(await readManaged()).toEqual(set);
    });

    it('is nothing once they set nothing any more', async () => {
      await fakeBrowser.storage.managed.set(set);
      await readManaged();
      await fakeBrowser.storage.managed.clear();
      forgetManaged();
      expect(await readManaged()).toEqual({});
      expect(await fakeBrowser.storage.local.get()).toEqual({});
      failing();
      forgetManaged();
      expect(await patiently()).toEqual({});
    });
  });

  it('is asked for once in a Firefox that nobody manages', async () => {
    rememberManaged();
    const none = new Error('Managed storage manifest not found');
    const asks = vi.spyOn(fakeBrowser.storage.managed, 'get').mockRejectedValue(none);
    expect([await readManaged(), await readManaged()]).toEqual([{}, {}]);
    expect(asks).toHaveBeenCalledTimes(1);
    asks.mockRestore();
  });
});
