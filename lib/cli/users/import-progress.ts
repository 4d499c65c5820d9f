import type { Terminal } from '../terminal.js';

/** Milliseconds between two updates, and between two lines of a log. */
const INTERVAL = 200;
const LOG_INTERVAL = 10_000;

/** Shows the progress of an import: to a person, for whom it is wiped at the end, or to a log. */
export interface ImportProgress {
  /** One more user is imported. */
  readonly advance: () => void;
  /** All users are imported in one change, which may take long. */
  readonly beginAll: () => void;
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
  let timer: NodeJS.Timeout | undefined;
  const isPerson = stderr.isTTY === true;
  const advance = (): void => {
    done += 1;
    if (now() - shownAt < (isPerson ? INTERVAL : LOG_INTERVAL)) return;
    shownAt = now();
    const text = `${String(done)} of ${String(total)} users`;
    isShown = isPerson;
    stderr.write(isPerson ? `\r${text}` : `kapacitor-auth: ${text}\n`);
  };
  const beginAll = (): void => {
    timer = setInterval(() => {
      stderr.write(`kapacitor-auth: ${String(total)} users are still being imported at once\n`);
    }, LOG_INTERVAL).unref();
  };
  const end = (): void => {
    clearInterval(timer);
    if (isShown) stderr.write('\r\u001b[K');
  };
  return { advance, beginAll, end };
}
