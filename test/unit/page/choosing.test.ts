import { expect, it, vi } from 'vitest';
import type { Box } from '../../../src/page/box.ts';
import { makeChooser } from '../../../src/page/choosing.ts';
import type { Choice } from '../../../src/page/place.ts';
import type { Tools } from '../../../src/page/tools/door.ts';

const wanted: Box = { left: 1, top: 2, width: 3, height: 4 };
const better: Box = { left: 5, top: 6, width: 3, height: 4 };
const choice = { wanted } as Choice;

it('leaves a control where it belongs until the tools are there, and asks for them again if need be', async () => {
  const tools = vi.fn<() => Promise<Tools>>();
  const onTools = vi.fn();
  const choose = makeChooser(tools, onTools);
  tools.mockRejectedValueOnce(new Error('nobody'));
  expect(choose(choice)).toBe(wanted);
  await Promise.resolve();
  expect(onTools).not.toHaveBeenCalled();
  tools.mockResolvedValueOnce({ chooseSpot: () => better } as unknown as Tools);
  expect(choose(choice)).toBe(wanted);
  await vi.waitFor(() => {
    expect(onTools).toHaveBeenCalledTimes(1);
  });
  expect(choose(choice)).toBe(better);
  expect(tools).toHaveBeenCalledTimes(2);
});
