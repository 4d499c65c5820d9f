import type { Terminal } from '../terminal.js';

/** Milliseconds between two looks at how far it is. */
const INTERVAL = 200;

/** Shows a person how far an import is; what it wrote is gone at the end. */
export interface ImportProgress {
  readonly advance: () => void;
  readonly end: () => void;
}

/**
 * @param total - how many users there are to bring
 * @param now - in milliseconds
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
