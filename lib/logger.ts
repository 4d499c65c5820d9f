/** Where the package says what an operator should know; a pino logger or `console` fits. */
export interface Logger {
  /** What happened as it should. */
  info(message: string): void;
  /** What should be changed. */
  warn(message: string): void;
  /** What failed. */
  error(message: string): void;
}

const nothing = (): undefined => undefined;

/** The logger of an app that gave none. */
export const silentLogger: Logger = Object.freeze({ info: nothing, warn: nothing, error: nothing });
