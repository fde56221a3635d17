// What the suites written in JavaScript share: their arguments, their packages, checks, bounded waits.

import { createRequire } from 'node:module';
import path from 'node:path';

/** Where `run setup` put the packages, and where reports go. */
export const home = path.resolve(process.env.INTEROP_HOME ?? 'target/interop');

/** Loads an npm package from there: the source tree has no node_modules. */
export const need = createRequire(path.join(home, 'package.json'));

/** The edge under test, from the environment that `run` sets: ws://host:port and wss://host:port. */
export const edge = {
  ws: process.env.INTEROP_WS && `ws://${process.env.INTEROP_WS}`,
  wss: process.env.INTEROP_WSS && `wss://${process.env.INTEROP_WSS}`,
};

/** The two without those that were not given. */
export const transports = Object.entries(edge).filter(([, url]) => url);

/** Settles as the promise does, but fails once the time is over. */
export function within(millis, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${millis} ms`)), millis);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Throws unless the two are the same. */
export function same(actual, expected, what) {
  if (!Object.is(actual, expected)) {
    throw new Error(`${what} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`);
  }
}

export class Checks {
  #suite;
  #passed = 0;
  #failed = 0;

  constructor(suite) {
    this.#suite = suite;
  }

  /** Runs one check and tells what came of it; returns whether it passed. */
  async check(name, body, millis = 60_000) {
    try {
      await within(millis, 'end of the check', Promise.resolve().then(body));
      this.#passed++;
      console.log(`ok ${this.#suite}: ${name}`);
      return true;
    } catch (failure) {
      this.#failed++;
      const reason = String(failure?.message ?? failure).replace(/\s*\n\s*/g, ' | ');
      console.log(`not ok ${this.#suite}: ${name}: ${reason}`);
      return false;
    }
  }

  /** Prints the summary and ends the process. */
  finish() {
    console.log(`# ${this.#suite}: ${this.#passed} passed, ${this.#failed} failed`);
    process.exit(this.#failed === 0 && this.#passed > 0 ? 0 : 1);
  }
}
