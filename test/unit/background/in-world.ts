import { afterEach, beforeEach } from 'vitest';
import { beginWorld, endWorld, keepSignedIn, worldOf, type World } from './life.ts';
import { Service } from './service.ts';

/** What a test begins with. */
export interface Beginning {
  readonly service: Service;
  /** That service's. */
  readonly world: World;
}

/**
 * Gives each test of a file a world of its own, and ends it after: nobody is signed in, and nothing is
 * stored. `take` takes it, and prepares what else all of them begin with.
 */
export function eachInWorld(take: (beginning: Beginning) => void | Promise<void>): void {
  beforeEach(async () => {
    beginWorld();
    const service = new Service();
    await take({ service, world: worldOf(service) });
  });
  afterEach(endWorld);
}

/** The same, with Alice signed in. */
export function eachWithAlice(take: (beginning: Beginning) => void | Promise<void>): void {
  eachInWorld(async (beginning) => {
    await keepSignedIn();
    await take(beginning);
  });
}
