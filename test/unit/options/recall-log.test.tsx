// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import type { LogView } from '../../../src/contract/own-views.ts';
import { OptionsModel } from '../../../src/options/model.ts';
import { RecallLog } from '../../../src/options/recall-log.tsx';
import { defaultManners } from '../../../src/message/manners.ts';
import { defaultNotices } from '../../../src/message/notices.ts';
import {
  account,
  clockAtStart,
  glanceOf,
  speak,
  start,
  startWorker,
  type FakeWorker,
} from '../ui/fake-extension.ts';

let worker: FakeWorker;
let model: OptionsModel;
let log: LogView[];
let saved: { name: string; blob: Blob | undefined }[];

/** A recall asked for `n` seconds before the start. */
function line(n: number, more: Partial<LogView> = {}): LogView {
  return {
    account,
    conversation: 'C2Cbob',
    conversationName: `Peer ${n}`,
    id: `m${n}`,
    kind: 'text',
    askedAt: start - n * 1000,
    endedAt: start - n * 1000,
    outcome: { ok: true, at: start - n * 1000 },
    ...more,
  };
}

beforeEach(async () => {
  fakeBrowser.reset();
  vi.useFakeTimers({ now: clockAtStart, toFake: ['Date'] });
  speak('en');
  worker = startWorker();
  worker.on('account', () => Promise.resolve(undefined));
  worker.on('glance', () => Promise.resolve(glanceOf([])));
  worker.on('sites', () => Promise.resolve([]));
  worker.on('manners', () => Promise.resolve(defaultManners));
  worker.on('notices', () => Promise.resolve(defaultNotices));
  worker.on('dataSettings', () => Promise.resolve({ keepsHistory: false, keptDays: 7 }));
  worker.on('recallLog', () => Promise.resolve(log));
  log = [];
  saved = [];
  let made: Blob | undefined;
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    made = blob as Blob;
    return 'blob:own';
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.push({ name: this.download, blob: made });
  });
  model = new OptionsModel();
  await act(async () => {
    await model.refresh();
    render(<RecallLog model={model} />, document.body);
  });
});

afterEach(() => {
  render(null, document.body);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function press(name: string, until: () => void): Promise<void> {
  const found = [...document.querySelectorAll('button')].find(
    ({ textContent }) => textContent === name,
  );
  if (!found) throw new Error(`There is no button "${name}".`);
  found.focus();
  found.click();
  await vi.waitFor(until);
}

const shown = (): (string | undefined)[] =>
  [...document.querySelectorAll('.log-name')].map(({ textContent }) => textContent);
const hasExport = (): boolean =>
  [...document.querySelectorAll('button')].some(
    ({ textContent }) => textContent === 'Export as CSV',
  );
const asked = (): number => worker.asked.filter(({ question }) => question === 'recallLog').length;

test('nobody asks for the log before it is wanted', async () => {
  expect(asked()).toBe(0);
  await press('Show my recalls', () => {
    expect(document.body.textContent).toContain(
      'There is no record of recalls in the last 30 days.',
    );
  });
  // What was pressed is gone.
  expect(document.activeElement).toBe(document.querySelector('h2'));
});

test('a line says when on this computer’s clock, where, what, and what was seen', async () => {
  const at = start - 3_600_000;
  log = [
    line(3600, { verifiedAt: at + 60_000, kind: 'image' }),
    line(7200, { of: 'carol', outcome: { ok: false, why: 'too-late' } }),
  ];
  await press('Show my recalls', () => {
    expect(shown()).toEqual(['Peer 3600', 'Peer 7200']);
  });
  const [first, second] = [...document.querySelectorAll('.log li')];
  // The computer's clock is an hour ahead of the service's.
  expect(first?.querySelector('time')?.dateTime).toBe(new Date(start).toISOString());
  expect(first?.textContent).toContain('Picture');
  expect(first?.textContent).toContain("seen as recalled in the service's own history");
  expect(first?.textContent).toContain('Others may have seen it before.');
  expect(second?.textContent).toContain('Text message from carol');
  expect(second?.querySelector('.failure')?.textContent).toBe('Too late.');
  expect(first?.querySelector('.failure')).toBeNull();
});

test('where a policy forbids the log there is nothing to show', async () => {
  await fakeBrowser.storage.managed.set({ allowLog: false });
  await act(() => model.refresh());
  expect(document.querySelector('section')).toBeNull();
});

test('a log that a policy forbade since the page was opened is neither shown nor saved', async () => {
  log = [line(1)];
  await press('Show my recalls', () => {
    expect(shown()).toEqual(['Peer 1']);
  });
  await fakeBrowser.storage.managed.set({ allowLog: false });
  worker.on('recallLog', () => Promise.resolve('off'));
  await press('Export as CSV', () => {
    expect(document.querySelector('section')).toBeNull();
  });
  expect(saved).toEqual([]);
  expect(model.log.value).toBeUndefined();
});

test('a long log is shown in pieces', async () => {
  log = Array.from({ length: 45 }, (_, n) => line(n));
  await press('Show my recalls', () => {
    expect(shown()).toHaveLength(20);
  });
  await press('Show more', () => {
    expect(shown()).toHaveLength(40);
  });
  await press('Show more', () => {
    expect(shown()).toHaveLength(45);
  });
  expect(document.body.textContent).not.toContain('Show more');
  expect(document.activeElement).toBe(document.querySelector('.log'));
});

test('once shown it follows what happens, also that everything was deleted', async () => {
  log = [line(1)];
  await press('Show my recalls', () => {
    expect(shown()).toEqual(['Peer 1']);
  });
  expect(hasExport()).toBe(true);
  log = [];
  await act(() => model.refresh());
  expect(shown()).toEqual([]);
  // Nothing tells any more whether there were recalls.
  expect(document.body.textContent).toContain('There is no record of recalls');
  expect(hasExport()).toBe(false);
});

test('where there is nothing to save, no file is saved and that is said', async () => {
  await press('Export as CSV', () => {
    expect(model.outcome.value?.text).toBe('There is no record of recalls in the last 30 days.');
  });
  expect(saved).toEqual([]);
});

test('it is saved as a file of the day, with its times on this computer’s clock', async () => {
  log = [line(0)];
  await press('Export as CSV', () => {
    expect(saved).toHaveLength(1);
  });
  expect(saved[0]?.name).toBe(
    `unsay-recalls-${new Date(clockAtStart).toISOString().slice(0, 10)}.csv`,
  );
  const text = (await saved[0]?.blob?.text()) ?? '';
  expect(text).toContain('Peer 0');
  expect(text).toContain(new Date(clockAtStart).toISOString());
  expect(model.outcome.value?.text).toBe(`Saved as ${saved[0]?.name ?? ''}.`);
});

test('a worker that does not answer saves nothing and is said to be silent', async () => {
  worker.on('recallLog', () => Promise.reject(new Error('gone')));
  await press('Export as CSV', () => {
    expect(document.querySelector('.failure')?.textContent).toContain('did not answer');
  });
  expect(saved).toEqual([]);
});
