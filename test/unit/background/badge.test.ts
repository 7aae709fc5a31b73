import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { Badge } from '../../../src/background/badge.ts';
import { clockAtStart, glanceOf, sentView, speak, start } from '../ui/fake-extension.ts';

let badge: Badge;
let title: string;
const failed = vi.fn();

beforeEach(() => {
  vi.useFakeTimers({ now: clockAtStart });
  fakeBrowser.reset();
  speak('en');
  title = '';
  Object.assign(fakeBrowser.action, {
    setTitle: (details: { title: string }) => {
      title = details.title;
      return Promise.resolve();
    },
  });
  badge = new Badge(failed);
});
afterEach(() => {
  vi.useRealTimers();
  expect(failed).not.toHaveBeenCalled();
});

async function text(): Promise<string> {
  await vi.advanceTimersByTimeAsync(0);
  return fakeBrowser.action.getBadgeText({});
}

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

describe('the badge', () => {
  it('counts my messages that can still be recalled, by the server’s clock', async () => {
    badge.show(glanceOf([sentView(1, 10), sentView(2, 60), sentView(3, 300)]));
    expect(await text()).toBe('2');
    expect(title).toBe('2 messages can still be recalled');
  });

  it('counts also what no list has room for, and has its shape in time', async () => {
    const unlisted = [30, 50, 0, -5].map((left) => start + left * 1000);
    badge.show(glanceOf([sentView(1, 10)], {}, { unlisted }));
    expect(await text()).toBe('3');
    await pass(10_100);
    expect(await text()).toBe('3!');
    await pass(20_000);
    expect(await text()).toBe('2!');
    await pass(100_000);
    expect(await text()).toBe('');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('counts nothing unlisted while the service’s time is not known', async () => {
    badge.show(glanceOf([], {}, { unlisted: [start + 60_000], time: undefined }));
    expect(await text()).toBe('');
  });

  it('has another shape in the last 20 s of the first one, and is true again when its time is over', async () => {
    badge.show(glanceOf([sentView(1, 10), sentView(2, 90)]));
    expect(await text()).toBe('2');
    await pass(10_100);
    expect(await text()).toBe('2!');
    expect(title).toContain('for a few seconds');
    await pass(20_000);
    expect(await text()).toBe('1');
    await pass(80_000);
    expect(await text()).toBe('');
    expect(title).toBe('Unsay');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not count what is recalled, being recalled, or refused for good', async () => {
    const placeholder = { key: 'you', who: '', whose: '' } as const;
    badge.show(
      glanceOf([
        sentView(1, 10, { placeholder }),
        sentView(2, 10, { progress: { state: 'waiting' } }),
        sentView(3, 10, { progress: { state: 'refused', why: 'too-late' } }),
        sentView(4, 10, { progress: { state: 'refused', why: 'too-many' } }),
      ]),
    );
    expect(await text()).toBe('1');
  });

  it('sets one timer, however often it is shown', async () => {
    for (let n = 0; n < 5; n++) badge.show(glanceOf([sentView(1, 10), sentView(2, n)]));
    await text();
    expect(vi.getTimerCount()).toBe(1);
  });

  it('shows what an earlier worker knew until this one knows better', async () => {
    badge.begin(glanceOf([sentView(1, 10)]));
    expect(await text()).toBe('1');
    badge.show(glanceOf([]));
    badge.begin(glanceOf([sentView(1, 10)]));
    expect(await text()).toBe('');
  });

  it('is right again after a sleep in which no timer ran', async () => {
    badge.show(glanceOf([sentView(1, 10)]));
    expect(await text()).toBe('1');
    vi.setSystemTime(clockAtStart + 200_000);
    badge.refresh();
    expect(await text()).toBe('');
  });

  it('says something for a moment, then counts again', async () => {
    badge.show(glanceOf([sentView(1, 10)]));
    badge.flash('asking', 'Recalling…');
    expect(await text()).toBe('…');
    await pass(10_000);
    expect(await text()).toBe('…');
    badge.show(glanceOf([]));
    badge.flash('done', 'Recalled: your message to Bob');
    expect(await text()).toBe('✓');
    expect(title).toBe('Recalled: your message to Bob');
    await pass(5_100);
    expect(await text()).toBe('');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says it no longer when the clock was set back meanwhile', async () => {
    badge.show(glanceOf([]));
    badge.flash('done', 'Recalled: your message to Bob');
    vi.setSystemTime(clockAtStart - 3_600_000);
    await pass(5_100);
    expect(await text()).toBe('');
  });
});
