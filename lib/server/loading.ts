import { KapacitorAuthError } from '../index.js';
import { brokenInstall } from './broken-install.js';

/**
 * Runs a step that loads a part of the program.
 *
 * @throws Error that says what to do if the part can't be loaded; KapacitorAuthError of the step
 */
export function loading<T>(step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw error instanceof KapacitorAuthError ? error : brokenInstall(error);
  }
}

/** A step that runs soon. */
export interface Soon {
  /** Resolves once it has run or was called off. Rejects if it failed. */
  readonly done: Promise<void>;
  readonly callOff: () => void;
}

/** Milliseconds in which whoever waits for the start, such as a probe, is answered. */
const FIRST = 100;

/**
 * Runs a step after what is to be done at once, and after the first questions of whoever waits. Its
 * failure does no harm if nobody waits.
 */
export function soon(step: () => void): Soon {
  let callOff = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      resolve(Promise.resolve().then(step));
    }, FIRST);
    callOff = () => {
      clearTimeout(timer);
      resolve();
    };
  });
  done.catch(() => undefined);
  return { done, callOff };
}
