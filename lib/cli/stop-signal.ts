import { constants } from 'node:os';

/** npm passes on a Ctrl-C that the terminal has already sent to all: within this time, in milliseconds, two are one. */
const ECHO = 500;

/** Waits for the first SIGINT or SIGTERM; another one after that ends the process at once. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let stoppedAt: number | undefined;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (stoppedAt === undefined) {
        stoppedAt = performance.now();
        resolve(signal);
      } else if (performance.now() - stoppedAt > ECHO) {
        process.exit(128 + constants.signals[signal]);
      }
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
}
