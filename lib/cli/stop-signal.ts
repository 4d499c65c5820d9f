import { constants } from 'node:os';

/** npm passes on a Ctrl-C that the terminal has already sent to all: within this time, in milliseconds, two are one. */
const ECHO = 500;

/** Waits for the first SIGINT or SIGTERM; another one after that ends the process at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    onStop(resolve);
  });
}

/**
 * Runs what stops by itself between two steps once a SIGINT or SIGTERM came; another one after that ends the process at once.
 *
 * @param run - given what tells the signal, once there is one
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

/** What a process exits with that a signal stopped, as a shell has it. */
export function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** Tells of the first signal. Returns what stops listening. */
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
