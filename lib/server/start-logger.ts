import type { Logger, WarningCode } from '../index.js';
import { silenceNoUsers } from './silence-no-users.js';

/** Warnings that requests pass. */
const PASSING: readonly WarningCode[] = ['WRN_KAUTH_AUTH_DISABLED', 'WRN_KAUTH_REPORT_ONLY'];

/** The logger of a server that may still refuse to start. */
export interface StartLogger {
  readonly logger: Logger;
  /** Logs the warning that was held back, if there is one. */
  readonly release: () => void;
}

/**
 * Returns a logger that leaves out the advice to add the first user, and holds back the warning
 * that requests pass: a server that refuses to start lets no request pass.
 *
 * @param reword - changes warnings into the words of those who start the server
 */
export function startLogger(logger: Logger, reword: (warning: string) => string): StartLogger {
  const quiet = silenceNoUsers(logger);
  let held: string | undefined;
  return {
    logger: {
      ...quiet,
      warn: (message) => {
        if (PASSING.some((code) => message.startsWith(code))) held = reword(message);
        else quiet.warn(reword(message));
      },
    },
    release: () => {
      if (held !== undefined) quiet.warn(held);
    },
  };
}
