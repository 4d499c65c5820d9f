import type { Logger, WarningCode } from '../index.js';
import { silenceNoUsers } from './silence-no-users.js';

const AUTH_DISABLED: WarningCode = 'WRN_KAUTH_AUTH_DISABLED';

/** The logger of a server that may still refuse to start. */
export interface StartLogger {
  readonly logger: Logger;
  /** Logs the warning that was held back, if there is one. */
  readonly release: () => void;
}

/**
 * Returns a logger that leaves out the advice to add the first user, and holds back the warning
 * that every request passes: a server that refuses to start lets no request pass.
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
        if (message.startsWith(AUTH_DISABLED)) held = reword(message);
        else quiet.warn(reword(message));
      },
    },
    release: () => {
      if (held !== undefined) quiet.warn(held);
    },
  };
}
