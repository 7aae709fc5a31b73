import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';

const QUIT_MS = 30_000;

/** A browser's process, which never outlives this one. */
export class BrowserProcess {
  readonly child: ChildProcess;
  /** Settles when it has ended. */
  readonly ended: Promise<void>;

  constructor(
    command: string,
    args: readonly string[],
    options: { stdio: StdioOptions; env?: NodeJS.ProcessEnv },
  ) {
    this.child = spawn(command, args, { ...options, env: { ...process.env, ...options.env } });
    const kill = (): void => {
      this.child.kill('SIGKILL');
    };
    process.on('exit', kill);
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        process.off('exit', kill);
        resolve();
      };
      this.child.once('exit', end);
      this.child.once('error', end);
    });
  }

  /** Ends it at once, as a crash does. */
  async crash(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to quit with `ask`; a browser that does not within half a minute is killed. */
  async quit(ask: () => Promise<unknown>): Promise<void> {
    const timer = setTimeout(() => this.child.kill('SIGKILL'), QUIT_MS);
    // The answer may be lost because the browser is already gone.
    await ask().catch(() => undefined);
    await this.ended;
    clearTimeout(timer);
  }
}
