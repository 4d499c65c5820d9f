import type { Writable } from 'node:stream';
import { pino } from 'pino';
import type { Logger } from 'pino';

/** The log of a server. */
export interface ServerLog {
  readonly logger: Logger;
  /** Writes what still waits, and no more by itself. */
  readonly close: () => void;
}

/** What a log can be limited to, from all to nothing. */
export const LOG_LEVELS = ['info', 'warn', 'error', 'silent'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * A log of JSON lines. Lines of one turn of the event loop are written together: a busy server writes several requests' at
 * once, a quiet one each at once.
 */
export function openServerLog(stream: Writable, level: LogLevel = 'info'): ServerLog {
  let lines = '';
  const flush = (): void => {
    if (lines !== '') stream.write(lines);
    lines = '';
  };
  const write = (line: string): void => {
    if (lines === '') setImmediate(flush);
    lines += line;
  };
  // A process that ends by an error still says what came before.
  process.once('exit', flush);
  return {
    logger: pino({ level, base: null, timestamp: timestamps() }, { write }),
    close: () => {
      flush();
      process.off('exit', flush);
    },
  };
}

/** The time of a line as pino's isoTime has it, written out once a millisecond. */
function timestamps(): () => string {
  let last = NaN;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== last) text = `,"time":"${new Date(now).toISOString()}"`;
    last = now;
    return text;
  };
}
