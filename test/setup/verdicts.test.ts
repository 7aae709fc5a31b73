import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { issueUserSig } from '../chat-server/usersig.ts';
import { countTests, summarize } from './conduct.ts';
import { root } from './step.ts';
import { faultOf } from './verdict-reporter.ts';
import { judge } from './vitest-project.ts';

const signature = issueUserSig(
  { userId: 'alice', sdkAppId: 1400000001, issued: 1_700_000_000, lifetimeSeconds: 3600 },
  'a secret',
);

describe('a project of tests', () => {
  const good = { passed: 3, failed: 0, faults: [] };

  it('came to what its reporter counted', () => {
    expect(judge(good, true)).toEqual(good);
  });

  it('failed when vitest says so, though nothing of it did', () => {
    expect(judge(good, false)).toEqual({ ...good, failed: 1 });
  });

  it('failed when nothing was reported, whatever the exit code', () => {
    expect(judge(undefined, true)).toEqual({ passed: 0, failed: 1, faults: [] });
    expect(judge(undefined, false)).toEqual({ passed: 0, failed: 1, faults: [] });
  });
});

describe('a fault', () => {
  it('is named with its reason and the line of the test', () => {
    const at = (file: string): { file: string; line: number; column: number } => ({
      file: join(root, file),
      line: 12,
      column: 5,
    });
    const message = 'Waited 10000 ms for the text "x"\n\n\u001b[31mred\u001b[39m';
    const stacks = [at('test/browsers/tab.ts'), at('test/e2e/popup.test.ts')];
    expect(faultOf('it works', { message, stacks }).split('\n')).toEqual([
      'it works',
      '    Waited 10000 ms for the text "x"',
      '    red',
      '    at test/e2e/popup.test.ts:12:5',
    ]);
  });

  it('is told without the signature that was in it', () => {
    const [, words] = faultOf('it works', { message: `${signature} was refused` }).split('\n');
    expect(words).toBe('    (a signature) was refused');
  });

  it('is told in a few lines, however many there are', () => {
    const message = Array.from({ length: 30 }, (_, index) => `line ${index}`).join('\n');
    const lines = faultOf('it works', { message }).split('\n');
    expect(lines.slice(-2)).toEqual(['    line 5', '    …']);
  });
});

describe('the end of the log', () => {
  const lint = { title: 'lint', isOk: false, seconds: 2, passed: 0, failed: 1, faults: ['a: bad'] };
  const unit = { title: 'unit', isOk: true, seconds: 1, passed: 41, failed: 0, faults: [] };

  it('names the steps, what failed and why, and the counts', () => {
    expect([summarize([lint, unit]), countTests([lint, unit])].join('\n').split('\n')).toEqual([
      '',
      'FAILED  lint (2.0 s)',
      'ok      unit (1.0 s)',
      '',
      '── FAILED in lint',
      'a: bad',
      '',
      '41 passed, 1 failed',
    ]);
  });

  it('is short when all is well', () => {
    expect(summarize([unit])).toBe('\nok      unit (1.0 s)\n');
    expect(countTests([unit])).toBe('41 passed, 0 failed');
  });
});
