import type { Writable } from 'node:stream';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type { OutputListeners } from './surviving-output.js';
import { SurvivingOutput } from './surviving-output.js';

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
 * once, a quiet one each at once. Lines that can't be written are lost, and the log tells how many once it can be written again.
 */
export function openServerLog(
  stream: Writable,
  level: LogLevel,
  listeners: Pick<OutputListeners, 'failed' | 'lost'>,
): ServerLog {
  let lines = '';
  const output = new SurvivingOutput(stream, {
    ...listeners,
    recovered: (lost) => {
      logger.warn({ lost }, 'lines of this log could not be written');
    },
  });
  const flush = (): void => {
    if (lines !== '') output.write(lines);
    lines = '';
  };
  const write = (line: string): void => {
    if (lines === '') setImmediate(flush);
    lines += line;
  };
  // A process that ends by an error still says what came before.
  process.once('exit', flush);
  const logger = pino({ level, base: null, timestamp: timestamps() }, { write });
  return {
    logger,
    close: () => {
      flush();
      output.close();
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
