import type { Terminal } from '../terminal.js';

/** Milliseconds between two updates. */
const INTERVAL = 200;

/** Shows a person the progress of an import, and wipes it at the end. */
export interface ImportProgress {
  readonly advance: () => void;
  readonly end: () => void;
}

/**
 * @param total - number of users to import
 * @param now - a clock in milliseconds
 */
export function importProgress(
  { stderr }: Terminal,
  total: number,
  now: () => number = performance.now.bind(performance),
): ImportProgress {
  let done = 0;
  let shownAt = now();
  let isShown = false;
  const advance = (): void => {
    done += 1;
    if (stderr.isTTY !== true || now() - shownAt < INTERVAL) return;
    shownAt = now();
    isShown = true;
    stderr.write(`\r${String(done)} of ${String(total)} users`);
  };
  const end = (): void => {
    if (isShown) stderr.write('\r\u001b[K');
  };
  return { advance, end };
}
