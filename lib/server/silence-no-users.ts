import type { Logger, WarningCode } from '../index.js';

const NO_USERS: WarningCode = 'WRN_KAUTH_NO_USERS';

/**
 * Returns a logger that leaves out the advice to add the first user, for programs that see to that
 * themselves.
 */
export function silenceNoUsers(logger: Logger): Logger {
  return {
    info: (message) => {
      logger.info(message);
    },
    warn: (message) => {
      if (!message.startsWith(NO_USERS)) logger.warn(message);
    },
    error: (message) => {
      logger.error(message);
    },
  };
}
