import { constants } from 'node:os';

/**
 * Milliseconds within which two signals count as one: npm passes on a Ctrl-C that the terminal has
 * already sent to all.
 */
const ECHO = 500;

/** Waits for the first SIGINT or SIGTERM. A later one ends the process at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    onStop(resolve);
  });
}

/**
 * Runs steps that can stop in between after a SIGINT or SIGTERM. A later signal ends the process at
 * once.
 *
 * @param run - gets a function that returns the signal once there is one
 */
export async function notingStop<T>(
  run: (stopSignal: () => NodeJS.Signals | undefined) => Promise<T>,
): Promise<T> {
  let noted: NodeJS.Signals | undefined;
  const stopListening = onStop((signal) => {
    noted = signal;
  });
  try {
    return await run(() => noted);
  } finally {
    stopListening();
  }
}

/** Returns the exit code of a process that a signal stopped, as shells have it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/**
 * Tells of the first signal.
 *
 * @returns a function that stops listening
 */
function onStop(tell: (signal: NodeJS.Signals) => void): () => void {
  let stoppedAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stoppedAt === undefined) {
      stoppedAt = performance.now();
      tell(signal);
    } else if (performance.now() - stoppedAt > ECHO) {
      process.exit(exitCodeOf(signal));
    }
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  return () => {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  };
}
