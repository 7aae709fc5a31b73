// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AskError } from '../../../src/contract/asking.ts';
import type { BarMessageView, BarView } from '../../../src/contract/views.ts';
import { findBarDoor } from '../../../src/page/bar/door.ts';
import {
  fakeTime,
  insideOf,
  plainRow,
  sentences,
  startDecorated,
  wordsIn,
  type Decorated,
} from './decorated.ts';
import { account, FakeWorker, settle } from './fake-worker.ts';

let page: Decorated;
let worker: FakeWorker;

beforeEach(() => {
  fakeTime();
  document.body.replaceChildren();
  HTMLElement.prototype.showPopover = () => undefined;
  worker = new FakeWorker();
});
afterEach(() => {
  page.life.abort();
  vi.useRealTimers();
});

/** A message of mine to Bob. */
function sent(id: string, more: Partial<BarMessageView> = {}): BarMessageView {
  const until = worker.now() + 100_000;
  return {
    id,
    time: Math.floor(worker.now() / 1000) - 20,
    until,
    showUntil: until,
    isRecalled: false,
    warnings: [],
    own: { account, conversation: 'C2Cbob', name: 'Bob', kind: 'text', excerpt: `words of ${id}` },
    ...more,
  };
}

function say(...messages: BarMessageView[]): void {
  worker.bar = { time: { serverNow: worker.now(), clock: Date.now() }, messages };
}

/** Lets the worker's news arrive. */
async function hear(): Promise<void> {
  worker.tell({ kind: 'account' });
  await settle(400);
}

const host = (): Element | null => document.querySelector('[data-unsay=bar]');
const inside = (): ShadowRoot | undefined => {
  const found = host();
  return found ? insideOf(found) : undefined;
};
/** What can be read in the bar, row by row. */
const lines = (): string[] =>
  [...(inside()?.querySelectorAll<HTMLElement>('.row') ?? [])].map((row) =>
    [...row.querySelectorAll<HTMLElement>('.text,.ticking,.undo,.warnings li,.reedit,.noted')]
      .filter((part) => wordsIn(part) !== '' && !part.closest('[hidden]'))
      .map(wordsIn)
      .join(' | '),
  );
const press = (css: string): void => {
  const button = inside()?.querySelector<HTMLButtonElement>(css);
  if (!button || button.hidden) throw new Error(`No ${css} to press in: ${lines().join()}`);
  button.click();
};

describe('the undo bar', () => {
  it('is not there, nor its script, while there is nothing to recall', async () => {
    page = startDecorated(worker);
    await hear();
    expect(worker.bars.length).toBeGreaterThan(0);
    expect(worker.others).toEqual([]);
    expect(host()).toBeNull();
  });

  it('names where a message went and counts down by server time', async () => {
    worker.offset = 3_600_000;
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    expect(lines()).toEqual(['1:40 | To Bob: words of 1-1-1 | Recall']);
    await settle(2000);
    expect(lines()).toEqual(['1:38 | To Bob: words of 1-1-1 | Recall']);
    await settle(100_000);
    expect(host()).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('puts a time into words only where other words come of it', async () => {
    page = startDecorated(worker);
    const inWords = vi.spyOn(sentences, 'timeInWords');
    say(sent('1-1-2'), sent('1-1-1'));
    await hear();
    inWords.mockClear();
    await settle(30_000);
    expect(lines()).toEqual(['1:10 | To Bob: words of 1-1-2 | Recall']);
    expect(inside()?.querySelector('.undo')?.ariaLabel).toContain('70 s');
    // The button is named anew every ten seconds.
    expect(inWords.mock.calls.length).toBeLessThanOrEqual(4);
    inWords.mockRestore();
  });

  it('writes nothing but the time while nothing else is another', async () => {
    page = startDecorated(worker);
    say(sent('1-1-2'), sent('1-1-1'));
    await hear();
    // There is no top layer here.
    Object.defineProperty(host(), 'matches', { value: () => true });
    const written: string[] = [];
    const observer = new MutationObserver((records) => {
      for (const { target, attributeName } of records) {
        written.push(`${(target as Element).className} ${attributeName ?? ''}`);
      }
    });
    const root = inside();
    if (!root) throw new Error('There is no bar.');
    observer.observe(root, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    // Longer than until it is seen to whether it fits what is around it, and is named anew.
    await settle(12_000);
    observer.disconnect();
    expect(lines()).toEqual(['1:28 | To Bob: words of 1-1-2 | Recall']);
    expect(root.querySelector('.undo')?.ariaLabel).toBe('Recall Bob, 90 s');
    expect(written).toEqual([]);
    // Its end is seen all the same.
    await settle(100_000);
    expect(host()).toBeNull();
  });

  it('does not take the focus', async () => {
    const field = document.createElement('textarea');
    document.body.append(field);
    field.focus();
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    expect(host()).not.toBeNull();
    expect(document.activeElement).toBe(field);
  });

  it('folds several messages into one, and shows them all when asked', async () => {
    page = startDecorated(worker);
    say(sent('1-1-2'), sent('1-1-1'));
    await hear();
    expect(lines()).toHaveLength(1);
    expect(inside()?.querySelector('.more')?.textContent).toBe('1 more');
  });

  it('counts of those it folds away only what can still be recalled', async () => {
    const more = (): string | undefined =>
      inside()?.querySelector<HTMLElement>('.more:not([hidden])')?.textContent;
    page = startDecorated(worker);
    const late = sent('1-1-2', { progress: { state: 'refused', why: 'too-late' } });
    say(
      sent('1-1-5'),
      sent('1-1-4', { isRecalled: true }),
      sent('1-1-3', { progress: { state: 'refused', why: 'too-many' } }),
      late,
      sent('1-1-1', { progress: { state: 'waiting', until: worker.now() + 50_000 } }),
    );
    await hear();
    // Refusals among the first are not folded away.
    expect(more()).toBe('1 more');
    const [recalled, other] = ['1-1-4', '1-1-3'].map((id) => sent(id, { isRecalled: true }));
    if (recalled && other) say(sent('1-1-5'), recalled, other, late);
    await hear();
    expect(more()).toBe('What was recalled');
    say(sent('1-1-5'));
    await hear();
    expect(more()).toBeUndefined();
  });

  it('recalls what is pressed, once, and tells what became of it', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    let finish = (): void => undefined;
    worker.answers.recallMine = new Promise((resolve) => {
      finish = () => {
        resolve({ ok: true, at: 1 });
      };
    });
    press('.undo');
    expect(lines()).toEqual(['Recalling from Bob']);
    finish();
    await settle();
    say(sent('1-1-1', { isRecalled: true }));
    await hear();
    expect(lines()).toEqual(['Recalled from Bob']);
    const asked = worker.others.filter(([question]) => question === 'recallMine');
    expect(asked).toEqual([['recallMine', { id: '1-1-1', account }]]);
  });

  it('says of which chat a recall was refused, and why, and that it waits for the connection', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1', { progress: { state: 'refused', why: 'switched-off', code: 10041 } }));
    await hear();
    expect(lines()).toEqual(['To Bob: Refused: switched-off 10041']);
    say(sent('1-1-1', { progress: { state: 'waiting', until: worker.now() + 50_000 } }));
    await hear();
    expect(lines()).toEqual(['Waiting 0:50 for Bob']);
    say(sent('1-1-1', { progress: { state: 'asking' } }));
    await hear();
    expect(lines()).toEqual(['Recalling from Bob']);
    say(sent('1-1-1', { progress: { state: 'asking', why: 'unanswered' } }));
    await hear();
    expect(lines()).toEqual(['No answer yet from Bob']);
  });

  it('does nothing on a press that the guard does not allow', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    page.guard.isOpen = false;
    press('.undo');
    press('.hide');
    expect(worker.others.filter(([question]) => question !== 'summon')).toEqual([]);
    expect(lines()).toHaveLength(1);
  });

  it('takes no press that was meant for the message that stood there before', async () => {
    page = startDecorated(worker);
    say(sent('1-1-2'), sent('1-1-1'));
    await hear();
    say(sent('1-1-3', { time: Math.floor(worker.now() / 1000) }), sent('1-1-2'), sent('1-1-1'));
    worker.tell({ kind: 'account' });
    while (!lines().join().includes('1-1-3')) await settle(20);
    press('.undo');
    await settle();
    expect(worker.others.filter(([question]) => question !== 'summon')).toEqual([]);
    await settle(400);
    press('.undo');
    await settle();
    expect(worker.others.at(-1)).toEqual(['recallMine', { id: '1-1-3', account }]);
  });

  it('has nothing come under the hand of who is at it', async () => {
    page = startDecorated(worker);
    say(sent('1-1-2'));
    await hear();
    const pointer = (type: string, css = '.bar'): void => {
      inside()
        ?.querySelector(css)
        ?.dispatchEvent(new Event(type, { bubbles: true }));
    };
    pointer('pointerenter');
    pointer('pointerover', '.undo');
    const now = Math.floor(worker.now() / 1000);
    say(sent('1-1-3', { time: now }), sent('1-1-2'));
    await hear();
    expect(lines()).toEqual(
      ['1-1-2', '1-1-3'].map((id) => `1:40 | To Bob: words of ${id} | Recall`),
    );
    await settle(400);
    press('.undo');
    await settle();
    expect(worker.others.at(-1)).toEqual(['recallMine', { id: '1-1-2', account }]);
    // It does not grow with each that comes.
    say(sent('1-1-4', { time: now + 1 }), sent('1-1-3', { time: now }), sent('1-1-2'));
    await hear();
    expect(lines()).toEqual(['To Bob: No answer | Again', expect.stringContaining('1-1-4')]);
    say(sent('1-1-4', { time: now + 1 }), sent('1-1-3', { time: now }));
    await hear();
    pointer('pointerleave');
    expect(lines()).toEqual([expect.stringContaining('1-1-4')]);
  });

  it('does not stay under what the page puts on top of it', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    await settle(400);
    const raised = vi.fn();
    HTMLElement.prototype.showPopover = raised;
    HTMLElement.prototype.hidePopover = () => undefined;
    document.body.dispatchEvent(new Event('toggle'));
    expect(raised.mock.contexts).toEqual([host()]);
    press('.undo');
    await settle();
    expect(worker.others.filter(([question]) => question !== 'summon')).toEqual([]);
    // Its own coming up is nothing to rise over.
    host()?.dispatchEvent(new Event('toggle'));
    expect(raised).toHaveBeenCalledTimes(1);
  });

  it('goes when it is dismissed, in every page', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    press('.hide');
    expect(host()).toBeNull();
    expect(worker.others.at(-1)).toEqual(['dismissBar', ['1-1-1']]);
  });

  it('gives the focus back to where it came from when it goes', async () => {
    const field = document.createElement('textarea');
    document.body.append(field);
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    field.focus();
    const hide = inside()?.querySelector<HTMLButtonElement>('.hide');
    hide?.focus();
    hide?.dispatchEvent(new FocusEvent('focusin', { bubbles: true, relatedTarget: field }));
    expect(document.activeElement).not.toBe(field);
    hide?.click();
    expect(host()).toBeNull();
    expect(document.activeElement).toBe(field);
  });

  it('stays while somebody is at it, and says that it is too late', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    inside()?.querySelector('.bar')?.dispatchEvent(new Event('pointerenter'));
    await settle(101_000);
    expect(lines()).toEqual(['Too late']);
    inside()?.querySelector('.bar')?.dispatchEvent(new Event('pointerleave'));
    expect(host()).toBeNull();
  });

  it('keeps nothing of what was recalled elsewhere, whoever is at it', async () => {
    const field = document.createElement('textarea');
    document.body.append(field);
    field.focus();
    page = startDecorated(worker);
    say(sent('1-1-2'), sent('1-1-1'));
    await hear();
    press('.more');
    inside()
      ?.querySelector<HTMLElement>('.undo')
      ?.dispatchEvent(new FocusEvent('focusin', { bubbles: true, relatedTarget: field }));
    inside()?.querySelector<HTMLElement>('.undo')?.focus();
    // Of what I recalled on my phone there is nothing to tell any more.
    say(sent('1-1-1'));
    await hear();
    expect(lines()).toEqual(['1:40 | To Bob: words of 1-1-1 | Recall']);
    expect(document.activeElement).toBe(field);
  });

  it('stays where somebody is at it when another message comes', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1', { warnings: ['secret'] }));
    await hear();
    const button = inside()?.querySelector<HTMLElement>('.undo');
    button?.focus();
    const gone: Node[] = [];
    const observer = new MutationObserver((records) => {
      for (const { removedNodes } of records) gone.push(...removedNodes);
    });
    const list = inside()?.querySelector('.rows');
    if (!list) throw new Error('There is no list.');
    observer.observe(list, { childList: true });
    say(sent('1-1-2'), sent('1-1-1', { warnings: ['secret'] }));
    await hear();
    observer.disconnect();
    expect(lines()).toHaveLength(2);
    expect(inside()?.activeElement).toBe(button);
    expect(gone).toEqual([]);
  });

  it('keeps the place but not the words of what it says nothing more of', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1', { showUntil: worker.now() + 10_000, warnings: ['secret'] }));
    await hear();
    inside()?.querySelector('.bar')?.dispatchEvent(new Event('pointerenter'));
    say();
    await settle(20_000);
    expect(lines()).toEqual(['1:20 | To Bob:  | Recall']);
  });

  it('comes back when the page takes it away', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    host()?.remove();
    await settle(1000);
    expect(host()).not.toBeNull();
  });

  it('turns prominent and says why a message may have gone to the wrong place', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1', { warnings: ['secret', 'name'] }));
    await hear();
    expect(lines()).toEqual([
      '1:40 | To Bob: words of 1-1-1 | Recall | Warning: secret | Warning: name',
    ]);
    expect(inside()?.querySelector('.bar')?.hasAttribute('data-warns')).toBe(true);
  });

  it('folds away nothing that may have gone to the wrong place', async () => {
    page = startDecorated(worker);
    say(sent('1-1-3'), sent('1-1-2', { warnings: ['secret'] }), sent('1-1-1'));
    await hear();
    expect(lines()).toEqual([
      '1:40 | To Bob: words of 1-1-3 | Recall',
      '1:40 | To Bob: words of 1-1-2 | Recall | Warning: secret',
    ]);
    expect(inside()?.querySelector('.more')?.textContent).toBe('1 more');
  });

  it('asks nothing in a page that nobody looks at, and at once when somebody does', async () => {
    page = startDecorated(worker);
    await settle();
    const before = worker.bars.length;
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    worker.tell({ kind: 'account' });
    await settle();
    expect(worker.bars).toHaveLength(before);
    hidden.mockRestore();
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(worker.bars).toHaveLength(before + 1);
  });

  it.each([
    [
      'looked',
      () => {
        worker.tell({ kind: 'rows', ids: ['1-1-1'] });
      },
    ],
    [
      'looked, nor a worker told of it',
      () => {
        worker.leaveUnheard();
      },
    ],
  ])('does not come back with words that were recalled while nobody %s', async (_, happens) => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    expect(lines()).toHaveLength(1);
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    happens();
    await settle();
    hidden.mockRestore();
    expect(host()).toBeNull();
  });

  it('shows nothing that was recalled while the browser kept the page for the way back', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    const hide = new Event('pagehide');
    Object.defineProperty(hide, 'isTrusted', { value: true });
    window.dispatchEvent(hide);
    expect(host()).toBeNull();
  });

  it('shows nothing whose time was over when somebody comes back', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    await settle(100_500);
    expect(host()).not.toBeNull();
    hidden.mockRestore();
    document.dispatchEvent(new Event('visibilitychange'));
    expect(host()).toBeNull();
  });

  it('has its script called again when nobody heard the call', async () => {
    page = startDecorated(worker);
    const enter = worker.answers.summon;
    worker.answers.summon = () => Promise.reject(new Error('nobody'));
    say(sent('1-1-1'));
    await hear();
    expect(host()).toBeNull();
    worker.answers.summon = enter;
    await settle(1000);
    expect(host()).not.toBeNull();
  });

  it('has its script called when there is a message, and again when nobody heard the call', async () => {
    const summoned = (): unknown[] =>
      worker.others.flatMap(([question, script]) => (question === 'summon' ? [script] : []));
    worker.mine('1-1-1');
    document.body.append(plainRow('1-1-1'));
    page = startDecorated(worker);
    await settle();
    expect(summoned()).toEqual(['hands']);
    const enter = worker.answers.summon;
    worker.answers.summon = () => Promise.reject(new Error('nobody'));
    say(sent('1-1-1'));
    await hear();
    expect(summoned()).toEqual(['hands', 'bar']);
    expect(host()).toBeNull();
    worker.answers.summon = enter;
    await settle(1000);
    expect(summoned()).toEqual(['hands', 'bar', 'bar']);
    expect(host()).not.toBeNull();
  });

  it('has its script called as soon as a message is being written, not by what a script writes', async () => {
    const field = document.createElement('textarea');
    field.getBoundingClientRect = () => new DOMRect(0, 500, 600, 40);
    document.body.append(field, plainRow('1-1-1'));
    worker.mine('1-1-1');
    page = startDecorated(worker);
    await settle();
    const summoned = (): unknown[] =>
      worker.others.flatMap(([question, script]) => (question === 'summon' ? [script] : []));
    const write = (isTrusted: boolean): void => {
      const event = new InputEvent('input', { bubbles: true });
      Object.defineProperty(event, 'isTrusted', { value: isTrusted });
      field.dispatchEvent(event);
    };
    write(false);
    expect(summoned()).toEqual(['hands']);
    write(true);
    write(true);
    expect(summoned()).toEqual(['hands', 'bar']);
    expect(host()).toBeNull();
  });

  it('leaves with the extension', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    worker.leave();
    expect(host()).toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not come back for the focus that leaves it with the extension', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    const box = inside()?.querySelector('.bar');
    worker.leave();
    // A browser may tell of it after the bar was taken away.
    box?.dispatchEvent(new Event('focusout'));
    await settle();
    expect(host()).toBeNull();
  });

  it('is held by no pointer that was on the bar before it', async () => {
    page = startDecorated(worker);
    say(sent('1-1-1'));
    await hear();
    inside()?.querySelector('.bar')?.dispatchEvent(new Event('pointerenter'));
    press('.hide');
    expect(host()).toBeNull();
    say(sent('1-1-2'));
    await hear();
    expect(lines()).toEqual(['1:40 | To Bob: words of 1-1-2 | Recall']);
    await settle(101_000);
    expect(host()).toBeNull();
  });

  it('believes the answer to what it asked last', async () => {
    page = startDecorated(worker);
    await hear();
    const answers: PromiseWithResolvers<BarView>[] = [];
    worker.answerBar = () => {
      const answer = Promise.withResolvers<BarView>();
      answers.push(answer);
      return answer.promise;
    };
    say(sent('1-1-1'));
    const old = worker.bar;
    await hear();
    await hear();
    say(sent('1-1-1', { isRecalled: true }));
    answers[1]?.resolve(worker.bar);
    await settle();
    expect(lines()).toEqual(['Recalled from Bob']);
    answers[0]?.resolve(old);
    await settle();
    expect(lines()).toEqual(['Recalled from Bob']);
  });

  it('shows nothing that it asked before its page was hidden', async () => {
    page = startDecorated(worker);
    await hear();
    const answer = Promise.withResolvers<BarView>();
    worker.answerBar = () => answer.promise;
    say(sent('1-1-1'));
    await hear();
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    await hear();
    answer.resolve(worker.bar);
    await settle();
    hidden.mockRestore();
    expect(host()).toBeNull();
  });
});

describe('what came of a recall', () => {
  it('is not folded away, whichever message the key recalled', async () => {
    page = startDecorated(worker);
    const ended = sent('1-1-2', { isRecalled: true });
    const older = { ...sent('1-1-1'), time: ended.time - 5 };
    say(ended, older);
    await hear();
    expect(lines()).toEqual(['Recalled from Bob']);
    say(ended, { ...older, isRecalled: true });
    await hear();
    expect(lines()).toEqual(['Recalled from Bob', 'Recalled from Bob']);
    const progress = { state: 'refused', why: 'too-late' } as const;
    say(ended, { ...older, progress });
    await hear();
    expect(lines()[1]).toContain('Refused: too-late');
  });
});

describe('putting recalled words back', () => {
  const words = 'first line\n<b>second</b> @Carol';
  const recalled = (): BarMessageView => {
    const one = sent('1-1-1', { isRecalled: true });
    const reeditUntil = worker.now() + 300_000;
    return { ...one, showUntil: reeditUntil, ...(one.own && { own: { ...one.own, reeditUntil } }) };
  };
  let field: HTMLTextAreaElement;
  beforeEach(() => {
    field = document.createElement('textarea');
    field.getBoundingClientRect = () => new DOMRect(0, 500, 600, 40);
    document.body.append(field);
    worker.answers.reedit = words;
    worker.set({ id: '1-1-1', isMine: true, conversation: 'C2Cbob' });
    document.body.append(plainRow('1-1-1'));
  });

  it('appends them to a draft, as text, and has them forgotten', async () => {
    field.value = 'a draft';
    const input = vi.fn();
    field.addEventListener('input', input);
    page = startDecorated(worker);
    await settle();
    say(recalled());
    await hear();
    expect(lines()).toEqual(['Recalled from Bob | Edit again 5']);
    press('.reedit');
    await settle();
    expect(field.value).toBe(`a draft\n${words}`);
    expect(input).toHaveBeenCalledOnce();
    expect(worker.others.at(-1)).toEqual([
      'reeditDone',
      { account, conversation: 'C2Cbob', id: '1-1-1' },
    ]);
    expect(lines()).toEqual(['Recalled from Bob | Put back']);
  });

  it('says for some seconds that they are there, also where the bar would be gone by then', async () => {
    page = startDecorated(worker);
    await settle();
    say(recalled());
    await hear();
    press('.reedit');
    await settle();
    say();
    await hear();
    expect(lines()).toEqual(['Recalled from Bob | Put back']);
    await settle(6_000);
    expect(host()).toBeNull();
  });

  it('says no more that they are in the message box when they were sent or taken out', async () => {
    page = startDecorated(worker);
    await settle();
    say(recalled());
    await hear();
    press('.reedit');
    await settle();
    expect(lines()).toEqual(['Recalled from Bob | Put back']);
    field.value = '';
    say({ ...sent('1-1-1', { isRecalled: true }), showUntil: worker.now() + 300_000 });
    await hear();
    await settle(2000);
    expect(lines()).toEqual(['Recalled from Bob']);
  });

  it('keeps them where they are when there is no message box', async () => {
    field.remove();
    page = startDecorated(worker);
    await settle();
    say(recalled());
    await hear();
    press('.reedit');
    await settle();
    expect(lines()).toEqual(['Recalled from Bob | Edit again 5 | No message box']);
    expect(worker.others.map(([question]) => question)).not.toContain('reeditDone');
  });

  it('puts them there once there is a message box, and says no more that there is none', async () => {
    field.remove();
    page = startDecorated(worker);
    await settle();
    say(recalled());
    await hear();
    press('.reedit');
    await settle();
    document.body.append(field);
    await settle(6000);
    expect(lines()).toEqual(['Recalled from Bob | Edit again 5']);
    press('.reedit');
    await settle();
    expect(field.value).toBe(words);
    expect(lines()).toEqual(['Recalled from Bob | Put back']);
  });

  it.each([
    ['the words', 'reedit'],
    ['what puts them there', 'summon'],
  ])('can be tried again when nobody answered who was asked for %s', async (_, question) => {
    page = startDecorated(worker);
    await settle();
    say(recalled());
    await hear();
    const answer = worker.answers[question];
    worker.answers[question] = () => Promise.reject(new AskError('nobody'));
    for (let pressed = 0; pressed < 2; pressed += 1) {
      press('.reedit');
      expect(lines()).toEqual(['Recalled from Bob | Edit again 5']);
      await settle();
      expect(lines()).toEqual(['Recalled from Bob | Edit again 5 | Not put back']);
    }
    worker.answers[question] = answer;
    press('.reedit');
    await settle();
    expect(field.value).toBe(words);
    expect(lines()).toEqual(['Recalled from Bob | Put back']);
  });

  it('are not offered any more when the worker does not have them', async () => {
    worker.answers.reedit = undefined;
    page = startDecorated(worker);
    await settle();
    say(recalled());
    await hear();
    press('.reedit');
    await settle();
    expect(lines()).toEqual(['Recalled from Bob | Gone']);
  });

  it('names the other chat that is open before it puts them there', async () => {
    worker.set({ id: '1-1-1', isMine: true, conversation: 'C2Ccarol' });
    page = startDecorated(worker);
    await settle();
    say(recalled());
    worker.bar.here = { conversation: 'C2Ccarol', name: 'Carol' };
    await hear();
    expect(lines()).toEqual(['Recalled from Bob | Put into Carol']);
    press('.reedit');
    await settle();
    expect(field.value).toBe(words);
  });

  it('names no chat that is not open any more', async () => {
    worker.set({ id: '1-1-1', isMine: true, conversation: 'C2Ccarol' });
    page = startDecorated(worker);
    await settle();
    say(recalled());
    // What was open when it was asked.
    worker.bar.here = { conversation: 'C2Cdave', name: 'Dave' };
    await hear();
    expect(lines()).toEqual(['Recalled from Bob | Open a chat']);
  });

  it('go into no chat that was opened since the button was drawn', async () => {
    page = startDecorated(worker);
    await settle();
    say(recalled());
    await hear();
    expect(lines()).toEqual(['Recalled from Bob | Edit again 5']);
    worker.set({ id: '1-1-9', conversation: 'C2Cdave' });
    document.querySelector('li')?.replaceWith(plainRow('1-1-9'));
    while (findBarDoor()?.world.here() !== 'C2Cdave') await settle(10);
    expect(lines()).toEqual(['Recalled from Bob | Edit again 5']);
    press('.reedit');
    await settle();
    expect(field.value).toBe('');
    expect(worker.others.map(([question]) => question)).not.toContain('reeditDone');
  });

  it('go nowhere when another chat was opened while they were on their way', async () => {
    worker.set({ id: '1-1-1', isMine: true, conversation: 'C2Ccarol' });
    page = startDecorated(worker);
    await settle();
    say(recalled());
    worker.bar.here = { conversation: 'C2Ccarol', name: 'Carol' };
    await hear();
    const onTheirWay = Promise.withResolvers<string>();
    worker.answers.reedit = () => onTheirWay.promise;
    press('.reedit');
    await settle();
    worker.set({ id: '1-1-9', conversation: 'C2Cdave' });
    document.querySelector('li')?.replaceWith(plainRow('1-1-9'));
    await settle(400);
    onTheirWay.resolve(words);
    await settle();
    expect(field.value).toBe('');
    expect(worker.others.map(([question]) => question)).not.toContain('reeditDone');
    expect(lines()).toEqual(['Recalled from Bob | Open a chat']);
  });
});
