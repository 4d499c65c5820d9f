import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks, and the looks until a wait is given up: half a minute, or more beside a busy machine. */
const PAUSE = 5;
const LOOKS = 6_000;

/**
 * Waits until something is so. It counts looks and asks no clock, which a spec may have put forward.
 *
 * @param what - completes "waited in vain until …"
 * @throws Error if it is still not so after all looks
 */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  looks = LOOKS,
): Promise<void> {
  for (let look = 1; !(await isSo()); look += 1) {
    if (look >= looks) throw new Error(`waited in vain until ${what}`);
    await delay(PAUSE);
  }
}
