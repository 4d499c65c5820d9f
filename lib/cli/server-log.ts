import type { Writable } from 'node:stream';
import type { Logger, LoggerOptions } from 'pino';
import { pino } from 'pino';
import { isRecord } from '../is-record.js';
import { REQUEST } from '../server/request-message.js';
import { flatMembers } from './flat-members.js';
import type { OutputListeners } from './surviving-output.js';
import { SurvivingOutput } from './surviving-output.js';

/** The log of a server. */
export interface ServerLog {
  readonly logger: Logger;
  /** Writes whole lines of another log. */
  readonly write: (lines: string) => void;
  /** Writes the lines that still wait, and releases the stream. */
  readonly close: () => void;
}

/** Levels of a log, from everything to nothing. */
export const LOG_LEVELS = ['info', 'warn', 'error', 'silent'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Milliseconds between two writes of a busy server. */
const PAUSE = 10;

/** Characters that wait for the next write at most. */
const MOST = 65_536;

/**
 * Opens a log of JSON lines. A quiet server writes each line at once, a busy one those of
 * {@link PAUSE} together: to write each by itself would cost as much as to make it. Lines that
 * can't be written are lost, and the log tells their number once it can be written again.
 */
export function openServerLog(
  stream: Writable,
  level: LogLevel,
  listeners: Pick<OutputListeners, 'failed' | 'lost'> & {
    /** Members of every line. */
    readonly base?: object | undefined;
  },
): ServerLog {
  let lines = '';
  const { base = null, failed, lost } = listeners;
  const output = new SurvivingOutput(stream, {
    ...{ failed, lost },
    recovered: (count) => {
      tellLoss(logger, count);
    },
  });
  let writtenAt = -Infinity;
  const flush = (): void => {
    if (lines === '') return;
    const written = lines;
    lines = '';
    writtenAt = performance.now();
    output.write(written);
  };
  const write = (line: string): void => {
    if (lines === '') {
      const pause = writtenAt + PAUSE - performance.now();
      if (pause > 0) setTimeout(flush, pause);
      else setImmediate(flush);
    }
    lines += line;
    if (lines.length >= MOST) flush();
  };
  // A process that ends by an error still writes its last lines.
  process.once('exit', flush);
  const timestamp = timestamps();
  const logger: Logger = pino(
    { level, base, timestamp, hooks: { logMethod: writingRequests(write, timestamp, base) } },
    { write },
  );
  return {
    logger,
    write,
    close: () => {
      flush();
      output.close();
      process.off('exit', flush);
    },
  };
}

/** Tells of lost lines at every level, since those of the audit are written at every level. */
function tellLoss(logger: Logger, lost: number): void {
  logger.child({}, { level: 'warn' }).warn({ lost }, 'lines of this log could not be written');
}

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>;

/** Writes the lines about requests as pino would, and leaves all others to it. */
function writingRequests(
  write: (line: string) => void,
  timestamp: () => string,
  base: object | null,
): LogMethod {
  const shared = base === null ? '' : flatMembers({ ...base });
  return function logRequest(words: readonly unknown[], method, level): void {
    const [line, text] = words;
    const members = text === REQUEST && isRecord(line) ? flatMembers(line) : undefined;
    if (members === undefined || shared === undefined) {
      Reflect.apply(method, this, words);
      return;
    }
    write(`{"level":${String(level)}${timestamp()}${shared}${members},"msg":"${REQUEST}"}\n`);
  };
}

/** Writes times as pino's isoTime does, but formats each millisecond only once. */
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
