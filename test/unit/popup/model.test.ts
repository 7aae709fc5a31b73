// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { publishGlance } from '../../../src/contract/glance.ts';
import { PopupModel } from '../../../src/popup/model.ts';
import type { RecallOutcome } from '../../../src/message/recall.ts';
import { spoken } from '../../../src/ui/words.ts';
import {
  account,
  clockAtStart,
  glanceOf,
  sentView,
  setOnline,
  speak,
  start,
  startWorker,
  type FakeWorker,
} from '../ui/fake-extension.ts';

let worker: FakeWorker;
let model: PopupModel;
const newest = sentView(1, 10);
const older = sentView(2, 40);

beforeEach(() => {
  fakeBrowser.reset();
  vi.useFakeTimers({ now: clockAtStart });
  speak('en');
  worker = startWorker();
  worker.on('glance', () => Promise.resolve(glanceOf([newest, older])));
  model = new PopupModel();
});

afterEach(() => {
  vi.useRealTimers();
});

function said(): string | undefined {
  const now = model.announcer.now.value;
  return now && spoken(now.words);
}

function recalls(): unknown[] {
  return worker.asked.filter(({ question }) => question === 'recall').map(({ content }) => content);
}

/** A recall whose answer the test gives when it wants to. */
function heldAnswer(): (outcome: RecallOutcome) => void {
  const held = Promise.withResolvers<RecallOutcome>();
  worker.on('recall', () => held.promise);
  return held.resolve;
}

test('the cache is shown without a word to the worker', async () => {
  await publishGlance(glanceOf([newest]));
  await model.load();
  expect(model.rows.value.map(({ sent }) => sent.id)).toEqual([newest.id]);
  expect(worker.asked).toEqual([]);
});

test('a damaged cache is as good as none', async () => {
  await fakeBrowser.storage.session.set({ glance: { sent: 'nonsense' } });
  await model.load();
  expect(model.glance.value).toBeUndefined();
});

test('the time left goes down by server time, and its end takes the button away', async () => {
  await model.refresh();
  expect(model.left(newest)).toBe(110_000);
  vi.setSystemTime(clockAtStart + 109_000);
  model.tick();
  expect(model.left(newest)).toBe(1_000);
  expect(model.isRecallable(newest)).toBe(true);
  vi.setSystemTime(clockAtStart + 110_000);
  model.tick();
  expect(model.isRecallable(newest)).toBe(false);
  expect(model.last.value).toBeUndefined();
});

test('the worker’s silence is said, and its next word takes it back', async () => {
  worker.on('glance', () => Promise.reject(new Error('dead')));
  await model.refresh();
  expect(model.isUnanswered.value).toBe(true);
  worker.on('glance', () => Promise.resolve(glanceOf([newest])));
  await model.refresh();
  expect(model.isUnanswered.value).toBe(false);
});

test('a worker that takes too long is said to be silent', async () => {
  worker.on('glance', () => new Promise(() => undefined));
  void model.refresh();
  await vi.advanceTimersByTimeAsync(8_000);
  expect(model.isUnanswered.value).toBe(true);
});

test('every news makes it ask again, and what comes while it asks makes it ask once more', async () => {
  const held = Promise.withResolvers<undefined>();
  worker.on('glance', async () => {
    await held.promise;
    return glanceOf([newest]);
  });
  const life = new AbortController();
  vi.stubGlobal('document', { hidden: false });
  model.follow(life.signal);
  worker.tell({ kind: 'glance' });
  worker.tell({ kind: 'account' });
  worker.tell({ kind: 'glance' });
  held.resolve(undefined);
  await vi.waitFor(() => {
    expect(worker.asked.map(({ question }) => question)).toEqual(['glance', 'glance']);
  });
  await vi.waitFor(() => {
    expect(model.rows.value).toHaveLength(1);
  });
  life.abort();
  vi.unstubAllGlobals();
});

test('Recall last names the newest message that can be recalled, wherever it stands', async () => {
  worker.on('glance', () => Promise.resolve(glanceOf([sentView(3, 300), older, newest])));
  await model.refresh();
  expect(model.last.value?.id).toBe(newest.id);
});

test('a recall names just its message, and is asked for once however many clicks', async () => {
  await model.refresh();
  const give = heldAnswer();
  const done = model.recall(newest);
  void model.recall(newest);
  expect(model.progress(newest)?.state).toBe('asking');
  give({ ok: true, at: 1 });
  await done;
  expect(recalls()).toEqual([{ account, conversation: newest.conversation, id: newest.id }]);
});

test('nothing is called recalled before the worker said so', async () => {
  await model.refresh();
  const give = heldAnswer();
  const done = model.recall(newest);
  expect(said()).toBeUndefined();
  give({ ok: true, at: 1 });
  await done;
  expect(said()).toBe('You recalled a message');
});

test('an outcome is announced once, though the glance tells it again', async () => {
  await model.refresh();
  worker.on('recall', () => Promise.resolve({ ok: false, why: 'too-late', lateBy: 3 }));
  const progress = { state: 'refused', why: 'too-late', lateBy: 3 } as const;
  worker.on('glance', () => Promise.resolve(glanceOf([{ ...newest, progress }])));
  await model.recall(newest);
  expect(said()).toContain('Too late by 3 seconds');
  const { count } = model.announcer.now.value ?? {};
  await model.refresh();
  expect(model.announcer.now.value?.count).toBe(count);
});

test('what was refused before the popup opened is not announced', async () => {
  const progress = { state: 'refused', why: 'too-late' } as const;
  worker.on('glance', () => Promise.resolve(glanceOf([{ ...newest, progress }])));
  await model.refresh();
  expect(said()).toBeUndefined();
});

test('a recall that ends by itself later is announced', async () => {
  const waiting = { ...newest, progress: { state: 'waiting', why: 'waiting' } as const };
  worker.on('glance', () => Promise.resolve(glanceOf([waiting])));
  await model.refresh();
  const placeholder = { key: 'you', who: '', whose: '' } as const;
  worker.on('glance', () => Promise.resolve(glanceOf([{ ...newest, excerpt: '', placeholder }])));
  await model.refresh();
  expect(said()).toBe('You recalled a message');
});

test('the worker’s silence on a recall is said and leaves it open to try again', async () => {
  await model.refresh();
  worker.on('recall', () => Promise.reject(new Error('dead')));
  await model.recall(newest);
  expect(model.progress(newest)?.state).toBe('unanswered');
  expect(said()).toContain('may or may not');
  expect(model.isRecallable(newest)).toBe(true);
});

test('a refusal that asking again cannot change takes the button away, another does not', async () => {
  await model.refresh();
  worker.on('recall', () => Promise.resolve({ ok: false, why: 'switched-off', code: 10041 }));
  await model.recall(newest);
  expect(model.isRecallable(newest)).toBe(false);
  worker.on('recall', () => Promise.resolve({ ok: false, why: 'too-many', code: 2996 }));
  await model.recall(older);
  expect(model.isRecallable(older)).toBe(true);
});

test('a glance asked for before a recall was answered does not take its outcome back', async () => {
  await model.refresh();
  const stale = Promise.withResolvers<undefined>();
  worker.on('glance', async () => {
    await stale.promise;
    return glanceOf([newest, older]);
  });
  const refreshed = model.refresh();
  worker.on('recall', () => Promise.resolve({ ok: false, why: 'waiting', until: 1 }));
  const recalled = model.recall(newest);
  await vi.waitFor(() => {
    expect(model.progress(newest)?.state).toBe('waiting');
  });
  worker.on('glance', () => new Promise(() => undefined));
  stale.resolve(undefined);
  await vi.waitFor(() => {
    expect(worker.asked.filter(({ question }) => question === 'glance')).toHaveLength(3);
  });
  expect(model.progress(newest)?.state).toBe('waiting');
  void Promise.allSettled([refreshed, recalled]);
});

test('under a hand Recall last keeps its message while a newer one comes', async () => {
  await model.refresh();
  model.hold('last', true);
  const newer = sentView(9, 1);
  worker.on('glance', () => Promise.resolve(glanceOf([newer, newest, older])));
  await model.refresh();
  expect(model.last.value?.id).toBe(newest.id);
  model.hold('last', false);
  expect(model.last.value?.id).toBe(newer.id);
});

test('when its message goes under a hand, Recall last is deaf for a moment', async () => {
  await model.refresh();
  model.hold('last', true);
  worker.on('recall', () => Promise.resolve({ ok: true, at: 1 }));
  await model.recallLast();
  expect(model.last.value?.id).toBe(older.id);
  await model.recallLast();
  expect(recalls()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(600);
  await model.recallLast();
  expect(recalls()).toHaveLength(2);
});

test('Recall last means the message it recalled last until that is answered for', async () => {
  const end = heldAnswer();
  await model.refresh();
  model.hold('last', true);
  const recall = model.recallLast();
  expect(model.isLastBusy).toBe(true);
  await vi.advanceTimersByTimeAsync(3_000);
  await model.recallLast();
  expect(recalls()).toHaveLength(1);
  end({ ok: true, at: start });
  await recall;
  expect(model.isLastBusy).toBe(false);
  // Pressed again in a fright, just when the answer came.
  await model.recallLast();
  expect(recalls()).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(600);
  await model.recallLast();
  expect(recalls()).toHaveLength(2);
});

test('Recall last does not wait for a connection', async () => {
  heldAnswer();
  await model.refresh();
  void model.recallLast();
  const waiting = { ...newest, progress: { state: 'waiting' as const, until: start + 110_000 } };
  worker.on('glance', () =>
    Promise.resolve(glanceOf([waiting, older], {}, { state: { name: 'reconnecting' } })),
  );
  await model.refresh();
  expect(model.isLastBusy).toBe(false);
  await vi.advanceTimersByTimeAsync(600);
  void model.recallLast();
  await vi.waitFor(() => {
    expect(recalls()).toHaveLength(2);
  });
});

test('an Enter that is held down presses once', () => {
  const life = new AbortController();
  model.follow(life.signal);
  const button = document.body.appendChild(document.createElement('button'));
  const press = (repeat: boolean): boolean =>
    button.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', repeat, bubbles: true, cancelable: true }),
    );
  expect([press(false), press(true), press(true)]).toEqual([true, false, false]);
  life.abort();
  button.remove();
});

test('a browser that says it has no network is believed before the worker notices', async () => {
  setOnline(false);
  await publishGlance(glanceOf([newest]));
  await model.load();
  expect(model.glance.value?.accounts[0]?.state).toEqual({ name: 'reconnecting' });
  await model.refresh();
  expect(model.glance.value?.accounts[0]?.state).toEqual({ name: 'reconnecting' });
  setOnline(true);
  await model.refresh();
  expect(model.glance.value?.accounts[0]?.state).toEqual({ name: 'connected' });
});

test('what stopped for another reason is not said to come back with the network', async () => {
  setOnline(false);
  worker.on('glance', () =>
    Promise.resolve(glanceOf([newest], {}, { state: { name: 'signature-expired' } })),
  );
  await model.refresh();
  expect(model.glance.value?.accounts[0]?.state).toEqual({ name: 'signature-expired' });
});

test('a recall that waits for the network is said to wait before its question is answered', async () => {
  const end = heldAnswer();
  await model.refresh();
  const recall = model.recall(newest);
  expect(model.progress(newest)).toEqual({ state: 'asking' });
  const waiting = { ...newest, progress: { state: 'waiting' as const, until: start + 110_000 } };
  worker.on('glance', () => Promise.resolve(glanceOf([waiting, older])));
  await model.refresh();
  expect(model.rows.value.map(({ sent }) => model.progress(sent)?.state)[0]).toBe('asking');
  worker.on('glance', () =>
    Promise.resolve(glanceOf([waiting, older], {}, { state: { name: 'reconnecting' } })),
  );
  await model.refresh();
  expect(model.progress(waiting)?.state).toBe('waiting');
  worker.on('glance', () =>
    Promise.resolve(glanceOf([waiting, older], {}, { state: { name: 'connecting' } })),
  );
  await model.refresh();
  expect(model.progress(waiting)?.state).toBe('asking');
  vi.setSystemTime(clockAtStart + 1_000);
  model.tick();
  expect(model.progress(waiting)?.state).toBe('waiting');
  worker.on('glance', () => Promise.resolve(glanceOf([newest, older])));
  end({ ok: true, at: start });
  await recall;
  expect(model.progress(newest)).toEqual({ state: 'accepted' });
});
