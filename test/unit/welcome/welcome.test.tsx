// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { dropConsent, keepConsent } from '../../../src/platform/consent.ts';
import { WelcomeModel } from '../../../src/welcome/model.ts';
import { mostLines } from '../../../src/welcome/practice.ts';
import { Welcome } from '../../../src/welcome/welcome.tsx';
import { speak, startWorker, type FakeWorker } from '../ui/fake-extension.ts';

let worker: FakeWorker;
const openOptions = vi.fn(() => Promise.resolve());

beforeEach(() => {
  fakeBrowser.reset();
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearInterval', 'Date'] });
  speak('en');
  worker = startWorker();
  worker.on('agree', () => keepConsent().then(() => undefined));
  worker.on('withdrawConsent', () => dropConsent().then(() => undefined));
  worker.on('sites', () => Promise.resolve([]));
});
afterEach(() => {
  render(null, document.body);
  vi.useRealTimers();
});

async function open(): Promise<void> {
  const model = new WelcomeModel();
  await model.load();
  await act(() => {
    render(<Welcome model={model} openOptions={openOptions} />, document.body);
  });
}
const text = (): string => document.body.textContent;
const status = (): string => document.querySelector('[role=status]')?.textContent ?? '';
function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll('button')].find((one) =>
    (one.getAttribute('aria-label') ?? one.textContent).trim().startsWith(name),
  );
  if (!found) throw new Error(`There is no button ${name} in: ${text()}`);
  return found;
}
async function press(name: string): Promise<void> {
  await act(async () => {
    button(name).focus();
    button(name).click();
    await vi.advanceTimersByTimeAsync(0);
  });
}
async function say(words: string): Promise<void> {
  await act(() => {
    const field = document.querySelector<HTMLInputElement>('input[name=message]');
    if (!field) throw new Error('There is no composer.');
    field.value = words;
    field.form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  });
}
async function pass(ms: number): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });
}

describe('the welcome page', () => {
  it('asks, and says when it was agreed to and what comes next', async () => {
    await open();
    expect(text()).toContain('Do you agree?');
    await press('I agree');
    expect(text()).toContain('You agreed on');
    expect(text()).toContain('turn it on for the site');
    expect(status()).toBe('Thank you. Unsay is ready.');
    expect(document.activeElement?.id).toBe('consent');
    await press('Open the options');
    expect(openOptions).toHaveBeenCalledOnce();
  });

  it.each(['zh_CN', 'zh_TW'] as const)(
    'says in %s when it was agreed to without a gap after the date, which ends in a word',
    async (locale) => {
      speak(locale);
      await keepConsent();
      await open();
      expect(text()).toMatch(/20\d\d年\d+月\d+日同意。/u);
    },
  );

  it('tells for how long things are kept where whoever manages the browser has set that', async () => {
    await fakeBrowser.storage.managed.set({
      retentionDays: 3,
      allowReEdit: false,
      allowLog: false,
    });
    await open();
    const long = (of: string): string | undefined =>
      [...document.querySelectorAll('tbody tr')]
        .map((row) => [...row.children].map(({ textContent }) => textContent))
        .find(([what]) => what?.startsWith(of))?.[2];
    expect(long('The messages')).toContain('kept for 3 days at most.');
    const notKept = 'Not kept. Whoever manages this browser has set this.';
    expect(long('Your own recalls')).toBe(notKept);
    expect(long('The words of a text')).toBe(notKept);
    await fakeBrowser.storage.managed.set({ retentionDays: 0 });
    await open();
    expect(long('The messages')).toBe(notKept);
  });

  it('promises of others’ words only that nothing is kept, and tells of my own what is', async () => {
    await open();
    const points = document.querySelector('[aria-labelledby=what]')?.textContent;
    expect(points).toContain('Never shows, keeps or exports what others recalled.');
    expect(points).toContain('A text you recalled yourself is kept for five minutes');
  });

  it('takes the consent back', async () => {
    await keepConsent();
    await open();
    // Read alone, as after the button to the options, it says of what it speaks.
    expect(document.querySelector('.withdraw')?.textContent).toMatch(
      /^If you take your consent back, Unsay signs out, .*Take my consent back$/u,
    );
    await press('Take my consent back');
    expect(worker.asked.map(({ question }) => question)).toContain('withdrawConsent');
    expect(status()).toContain('You took your consent back.');
    expect(button('I agree')).toBeTruthy();
  });

  it('says so where it is taken back and not everything could be deleted', async () => {
    worker.on('withdrawConsent', async () => {
      await dropConsent();
      throw new Error('full');
    });
    await keepConsent();
    await open();
    await press('Take my consent back');
    expect(status()).toContain('Not everything it kept of your chats could be deleted yet');
    expect(text()).toContain('Not everything it kept of your chats could be deleted yet');
    expect(button('I agree')).toBeTruthy();
  });

  it('does not say that it is ready when the worker did not answer', async () => {
    worker.on('agree', () => Promise.reject(new Error('dead')));
    await open();
    await press('I agree');
    expect(text()).toContain('Unsay did not answer');
    expect(text()).not.toContain('Unsay is ready');
  });

  it('of a managed browser asks nothing, takes nothing back and offers the sites', async () => {
    await fakeBrowser.storage.managed.set({
      consentGiven: true,
      offeredSites: ['https://chat.example'],
    });
    await open();
    expect(text()).toContain('Whoever manages this browser agreed to this in your place.');
    expect(text()).not.toContain('Take my consent back');
    expect(button('Turn on for chat.example')).toBeTruthy();
  });
});

describe('the practice chat', () => {
  it('lets me send, recall and see what I recalled by its placeholder', async () => {
    await open();
    await say('to the wrong person');
    expect(text()).toContain('to the wrong person');
    await press('Recall this message, time left 20 seconds');
    expect(text()).not.toContain('to the wrong person');
    expect(status()).toBe('You recalled a message');
    expect(document.activeElement?.textContent).toBe('You recalled a message');
  });

  it('lets me be too late', async () => {
    await open();
    await say('slow');
    await pass(21_000);
    expect(text()).toContain('Too late to recall');
    expect(() => button('Recall this message')).toThrow();
  });

  it('keeps its end in view when a line there grows, and lets me read further up', async () => {
    await open();
    const log = document.querySelector('.log');
    if (!log) throw new Error('There is no log.');
    const height = { get: () => (text().includes('Too late to recall') ? 330 : 300) };
    Object.defineProperty(log, 'scrollHeight', height);
    Object.defineProperty(log, 'clientHeight', { value: 250 });
    await say('slow');
    expect(log.scrollTop).toBe(300);
    log.scrollTop = 50;
    await pass(21_000);
    expect(log.scrollTop).toBe(330);
    log.scrollTop = 10;
    await pass(2_000);
    expect(log.scrollTop).toBe(10);
    await say('one more');
    expect(log.scrollTop).toBe(330);
  });

  it('lets me be offline: a recall waits, and is refused when its time is over', async () => {
    await open();
    await say('far away');
    await press('Offline');
    expect(text()).toContain('You are offline in this practice chat.');
    await press('Recall this message');
    expect(text()).toMatch(/Waiting for the connection, 0:\d\d left/u);
    await pass(21_000);
    expect(status()).toContain('The service could not be reached in time.');
    expect(text()).toContain('far away');
  });

  it('keeps what I typed where it cannot be sent', async () => {
    await open();
    const typed = () => document.querySelector<HTMLInputElement>('input[name=message]')?.value;
    await press('Offline');
    await say('offline');
    expect(typed()).toBe('offline');
    await press('Offline');
    for (let n = 1; n < mostLines; n += 1) await say(`message ${n}`);
    expect(typed()).toBe('');
    await say('one too many');
    expect(typed()).toBe('one too many');
    expect(text()).not.toContain('one too many');
    await press('Start again');
    await say('again');
    expect(typed()).toBe('');
  });

  it('lets Robin recall a message', async () => {
    await open();
    await press('Let Robin recall a message');
    expect(text()).toContain('The spare key');
    await pass(2_000);
    expect(text()).not.toContain('The spare key');
    expect(status()).toBe('The other party recalled a message');
  });

  it('lets Robin neither send nor recall anything while offline', async () => {
    await open();
    await press('Let Robin recall a message');
    await press('Offline');
    await pass(3_000);
    expect(text()).toContain('The spare key');
    expect(text()).toContain('Nothing is sent or received');
    const lines = document.querySelectorAll('.log li').length;
    expect(button('Let Robin').getAttribute('aria-disabled')).toBe('true');
    await press('Let Robin recall a message');
    await pass(3_000);
    expect(document.querySelectorAll('.log li')).toHaveLength(lines);
    await press('Offline');
    expect(text()).not.toContain('The spare key');
    expect(status()).toBe('The other party recalled a message');
  });
});

test('a practice chat asks the worker nothing', async () => {
  await open();
  await say('nobody hears this');
  await press('Recall this message');
  await press('Let Robin recall a message');
  await pass(3_000);
  expect(worker.asked).toEqual([]);
});
