/** Receives the messages that an operator should see; a pino logger or `console` fits. */
export interface Logger {
  /** Logs something that went well. */
  info(message: string): void;
  /** Logs something that should be changed. */
  warn(message: string): void;
  /** Logs a failure. */
  error(message: string): void;
}

const nothing = (): undefined => undefined;

/** The logger of an app that gave none. */
export const silentLogger: Logger = Object.freeze({ info: nothing, warn: nothing, error: nothing });
