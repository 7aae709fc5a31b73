import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { Badge } from '../../../src/background/badge.ts';
import { Keys } from '../../../src/background/keys.ts';
import type { LastMessage, LastRecall } from '../../../src/background/last.ts';
import { FakeEvent } from '../contract/fake-messaging.ts';
import { deferred } from './life.ts';
import { sentView, speak, start } from '../ui/fake-extension.ts';

const sent = sentView(1, 10, { conversationName: 'Bob' });
const flash = vi.fn<Badge['flash']>();
const recall = vi.fn<LastMessage['recall']>();
const failed = vi.fn<LastMessage['failed']>();
let keys: Keys;
const say = vi.fn<(words: string) => Promise<void>>();
const publish = vi.fn<() => Promise<void>>();
const openPopup = vi.fn<() => Promise<boolean>>();
const tellInBar = vi.fn<(id: string) => Promise<boolean>>();
const report = vi.fn();
let onCommand: FakeEvent<[string]>;

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  vi.resetAllMocks();
  publish.mockResolvedValue();
  openPopup.mockResolvedValue(false);
  tellInBar.mockResolvedValue(false);
  fakeBrowser.reset();
  speak('en');
  onCommand = new FakeEvent();
  Object.assign(fakeBrowser, { commands: { onCommand } });
  // Only what they are asked for here.
  const parts = {
    last: { recall, failed },
    badge: { flash },
    say,
    publish,
    openPopup,
    tellInBar,
    report,
  } as unknown;
  keys = new Keys(parts as ConstructorParameters<typeof Keys>[0]);
  keys.listen();
});

async function press(name = 'recall-last'): Promise<void> {
  onCommand.tell(name);
  await vi.advanceTimersByTimeAsync(0);
}

describe('the panic key', () => {
  it.each<[string, LastRecall, ...Parameters<Badge['flash']>]>([
    ['went', { sent, outcome: { ok: true, at: start } }, 'done', 'Recalled: your message to Bob'],
    [
      'did not go',
      { sent, outcome: { ok: false, why: 'group-gone' } },
      'failed',
      'Your message to Bob was not recalled. The group does not exist any more, or you have left it.',
    ],
    [
      'waits',
      { sent: { ...sent, progress: { state: 'waiting' } } },
      'waiting',
      'Your message to Bob is recalled as soon as there is a connection, if there is still time.',
    ],
    [
      'did not go meanwhile',
      { sent: { ...sent, progress: { state: 'refused', why: 'group-gone' } } },
      'failed',
      'Your message to Bob was not recalled. The group does not exist any more, or you have left it.',
    ],
    [
      'waits for its page',
      { sent: { ...sent, progress: { state: 'waiting' } }, isPageMissing: true },
      'waiting',
      'Open your chat again: your message to Bob is recalled then, if there is still time.',
    ],
    [
      'is under way',
      { sent: { ...sent, progress: { state: 'asking' } } },
      'waiting',
      'Recalling your message to Bob…',
    ],
    [
      'got no answer',
      { sent: { ...sent, progress: { state: 'asking', why: 'unanswered' } } },
      'waiting',
      'No answer yet about your message to Bob. Trying again…',
    ],
    [
      'the service did not tell',
      { isUnsure: true },
      'failed',
      'Nothing was recalled: the chat service did not say in time what you sent last. Open Unsay to choose the message.',
    ],
    [
      'is on its way out',
      { isSending: true },
      'waiting',
      'Your last message is still on its way out. It is recalled as soon as it has been sent.',
    ],
    ['is not there', {}, 'none', 'None of your messages can be recalled now.'],
  ])('says what a message that %s is', async (_, outcome, shape, words) => {
    recall.mockResolvedValue(outcome);
    await press();
    expect(flash.mock.calls[0]?.[0]).toBe('asking');
    expect(flash).toHaveBeenLastCalledWith(shape, words);
    expect(say).toHaveBeenCalledWith(words);
    expect(words).not.toContain(sent.excerpt);
  });

  describe('in the popup', () => {
    const isRecalled: LastRecall = { sent, outcome: { ok: true, at: start } };
    const view = { at: start, sent: { account: sent.account, id: sent.id } };

    it('says it where no bar does, and nowhere else then', async () => {
      openPopup.mockResolvedValue(true);
      recall.mockResolvedValue(isRecalled);
      // It shows what was published before.
      publish.mockImplementation(() => {
        expect(openPopup).not.toHaveBeenCalled();
        expect(keys.ended).toEqual(view);
        return Promise.resolve();
      });
      await press();
      expect(publish).toHaveBeenCalledTimes(1);
      expect(openPopup).toHaveBeenCalledTimes(1);
      expect(say).not.toHaveBeenCalled();
    });

    it('leaves it to the bar in front, but for what no bar tells', async () => {
      tellInBar.mockResolvedValue(true);
      recall.mockResolvedValue(isRecalled);
      await press();
      expect(openPopup).not.toHaveBeenCalled();
      expect(tellInBar).toHaveBeenCalledExactlyOnceWith(sent.id);
      expect(keys.ended).toEqual(view);
      await vi.advanceTimersByTimeAsync(1_100);
      recall.mockResolvedValue({ areTwo: true });
      await press();
      expect(openPopup).toHaveBeenCalledTimes(1);
      expect(keys.ended).toEqual({ at: start + 1_100, why: 'two' });
    });

    it.each<[string, LastRecall, string]>([
      ['none was there', {}, 'none'],
      ['the service did not tell', { isUnsure: true }, 'unsure'],
      ['two were meant', { areTwo: true }, 'two'],
      ['it is on its way out', { isSending: true }, 'sending'],
    ])('names the cause when %s', async (_, outcome, why) => {
      recall.mockResolvedValue(outcome);
      await press();
      expect(keys.ended).toEqual({ at: start, why });
    });

    it('says that Unsay could not look', async () => {
      recall.mockRejectedValue(new Error('broken'));
      await press();
      expect(keys.ended).toEqual({ at: start, why: 'failed' });
      expect(openPopup).toHaveBeenCalledTimes(1);
    });

    it('takes the focus from nobody who went on meanwhile', async () => {
      const { promise, resolve: finish } = deferred<LastRecall>();
      recall.mockReturnValue(promise);
      await press();
      await vi.advanceTimersByTimeAsync(5_100);
      finish(isRecalled);
      await vi.advanceTimersByTimeAsync(0);
      expect(openPopup).not.toHaveBeenCalled();
      expect(say).toHaveBeenCalledTimes(1);
    });

    it('goes without what could not be stored', async () => {
      publish.mockRejectedValue(new Error('full'));
      recall.mockResolvedValue(isRecalled);
      await press();
      expect(openPopup).toHaveBeenCalledTimes(1);
      expect(say).toHaveBeenCalledTimes(1);
      expect(report).toHaveBeenCalledTimes(1);
    });

    it('opens where nobody can say whether a bar is in front', async () => {
      tellInBar.mockRejectedValue(new Error('no window'));
      recall.mockResolvedValue(isRecalled);
      await press();
      expect(openPopup).toHaveBeenCalledTimes(1);
      expect(say).toHaveBeenCalledTimes(1);
    });

    it('says that the menu was opened where there is no message', async () => {
      openPopup.mockResolvedValue(true);
      await keys.tellNoMessage();
      expect(keys.ended).toEqual({ at: start, why: 'noMessage' });
      expect(flash).toHaveBeenLastCalledWith('none', expect.stringContaining('no message here'));
      expect(openPopup).toHaveBeenCalledTimes(1);
    });

    it('is silent about what is over', async () => {
      recall.mockResolvedValue(isRecalled);
      await press();
      await vi.advanceTimersByTimeAsync(19_000);
      expect(keys.ended).toEqual(view);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(keys.ended).toBeUndefined();
    });

    it('may take its time to open: the key can be pressed again', async () => {
      openPopup.mockReturnValue(new Promise(() => undefined));
      recall.mockResolvedValue(isRecalled);
      await press();
      await vi.advanceTimersByTimeAsync(1_100);
      await press();
      expect(recall).toHaveBeenCalledTimes(2);
    });
  });

  it('is not needed to hear that a recall failed which had to wait', async () => {
    failed.mockResolvedValue([{ sent, outcome: { ok: false, why: 'unreachable' } }]);
    await keys.tellFailed([sent.id]);
    const [shape, words] = flash.mock.lastCall ?? [];
    expect(shape).toBe('failed');
    expect(words).toContain('Your message to Bob was not recalled.');
    expect(say).toHaveBeenCalledWith(words);
  });

  it.each([
    ['left', 'What still waited to be recalled was not recalled: its site was turned off.'],
    [
      'unanswered',
      'The service never answered. The message may or may not be recalled; look at the chat.',
    ],
  ] as const)('says of recalls whose site was turned off: %s', async (why, words) => {
    await keys.tellCutShort(why);
    expect(flash).toHaveBeenLastCalledWith('failed', words);
    expect(say).toHaveBeenCalledWith(words);
    expect(keys.ended).toMatchObject({ why });
    expect(publish).toHaveBeenCalled();
  });

  it('names the site of a page’s session', async () => {
    const account = '1400000001@https%3A%2F%2Fchat.example.com%3A8443:alice';
    recall.mockResolvedValue({ sent: { ...sent, account }, outcome: { ok: true, at: start } });
    await press();
    expect(flash).toHaveBeenLastCalledWith(
      'done',
      'Recalled: your message to Bob (chat.example.com:8443)',
    );
  });

  it('says that it still tries where the service is slow', async () => {
    const { promise, resolve: finish } = deferred<LastRecall>();
    recall.mockReturnValue(promise);
    await press();
    recall.mock.lastCall?.[0]?.();
    expect(flash).toHaveBeenLastCalledWith('asking', expect.stringContaining('Still trying'));
    finish({});
    await vi.advanceTimersByTimeAsync(0);
    expect(flash).toHaveBeenLastCalledWith('none', expect.any(String));
  });

  it('means one message when it is held down or pressed twice in a fright', async () => {
    const { promise, resolve: finish } = deferred<LastRecall>();
    recall.mockReturnValue(promise);
    await press();
    await press();
    finish({ sent, outcome: { ok: true, at: start } });
    await vi.advanceTimersByTimeAsync(900);
    await press();
    // Whoever goes on pressing is not done yet.
    await vi.advanceTimersByTimeAsync(200);
    await press();
    expect(recall).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_000);
    await press();
    expect(recall).toHaveBeenCalledTimes(2);
  });

  it('goes on meaning something when the clock was set back', async () => {
    recall.mockResolvedValue({ sent, outcome: { ok: true, at: start } });
    await press();
    vi.setSystemTime(Date.now() - 3_600_000);
    await press();
    expect(recall).toHaveBeenCalledTimes(2);
  });

  it('says so when Unsay could not look', async () => {
    recall.mockRejectedValue(new Error('broken'));
    await press();
    expect(flash).toHaveBeenLastCalledWith('failed', expect.stringContaining('could not look'));
    expect(report).toHaveBeenCalledTimes(1);
  });

  it('leaves commands it does not know alone', async () => {
    await press('constructor');
    await press('_execute_action');
    expect(recall).not.toHaveBeenCalled();
    expect(report).not.toHaveBeenCalled();
  });
});

describe('the key for the sweep', () => {
  it('opens a window of its own', async () => {
    const create = vi.fn().mockResolvedValue({});
    Object.assign(fakeBrowser.windows, { create });
    await press('open-sweep');
    const [details] = create.mock.calls[0] as [{ type: string; url: string }];
    expect(details.type).toBe('popup');
    expect(details.url).toContain('popup.html#sweep');
    await press('open-sweep');
    await vi.advanceTimersByTimeAsync(900);
    await press('open-sweep');
    expect(create).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1_000);
    await press('open-sweep');
    expect(create).toHaveBeenCalledTimes(2);
  });
});
