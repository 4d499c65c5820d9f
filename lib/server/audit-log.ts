import type { DestinationStream, Logger } from 'pino';
import { pino } from 'pino';
import type { Config, KapacitorAuth } from '../index.js';
import { ConfigError } from '../index.js';
import { systemErrorCode } from '../system-error.js';
import { appendFailure } from './append-failure.js';
import { AuditFile } from './audit-file.js';
import type { LostLines } from './lost-lines.js';

/**
 * A log of refusals, of changes of users and subscriptions, and of running requests that were
 * ended.
 */
export interface AuditLog {
  /** Writes a line of another process to the file, if there is one. */
  readonly append: (line: string) => void;
  /** Continues in a new file of the same name; does nothing if the log goes to standard output. */
  readonly reopen: () => void;
  readonly close: () => void;
}

/** Listeners for an audit file that can't be written. */
export interface AuditListeners {
  readonly logger: Logger;
  readonly tell?: ((problem: string) => void) | undefined;
  readonly lostLines: LostLines;
  /** Takes the lines in place of the file: another process writes them. */
  readonly lines?: DestinationStream | undefined;
}

/**
 * Writes each refusal, each change of a user or subscription, and each running request that was
 * ended as a line of JSON: who, what and from where. On standard output, `"audit": true` marks
 * these lines. They appear there at every log level of the server.
 *
 * @throws ConfigError if the file can't be opened
 */
export function startAuditLog(auth: KapacitorAuth, listeners: AuditListeners): AuditLog {
  const { logger } = listeners;
  const file = listeners.lines === undefined ? openFile(auth.config, listeners) : undefined;
  const output = auth.config.audit.path === '' ? undefined : (listeners.lines ?? file);
  const lines =
    output === undefined
      ? logger.child({ audit: true }, { level: 'info' })
      : pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, output);
  auth.on('rejected', (event) => {
    lines.info({ event: 'rejected', ...event }, 'audit');
  });
  auth.on('forbidden', (event) => {
    lines.info({ event: 'forbidden', ...event }, 'audit');
  });
  auth.on('userChanged', (event) => {
    lines.info({ event: 'userChanged', ...event }, 'audit');
  });
  auth.on('subscriptionChanged', (event) => {
    lines.info({ event: 'subscriptionChanged', ...event }, 'audit');
  });
  auth.on('revoked', (event) => {
    lines.info({ event: 'revoked', ...event }, 'audit');
  });
  return {
    append: (line) => file?.write(line),
    reopen: () => file?.reopen(),
    close: () => file?.close(),
  };
}

/**
 * Returns the reason why a server can't write its audit log, as far as that is seen without making
 * the file.
 *
 * @returns undefined if there is no file, or if it can be written
 */
export function unwritableAuditFile(config: Config): ConfigError | undefined {
  const { path } = config.audit;
  const code = path === '' ? undefined : appendFailure(path);
  return code === undefined ? undefined : unwritable(config, code);
}

function openFile(config: Config, listeners: AuditListeners): AuditFile | undefined {
  const { logger, tell, lostLines } = listeners;
  const { path } = config.audit;
  if (path === '') return undefined;
  try {
    return new AuditFile(path, {
      tell: (problem) => {
        logger.error(problem);
        tell?.(problem);
      },
      lost: () => (lostLines.audit += 1),
    });
  } catch (error) {
    throw unwritable(config, systemErrorCode(error));
  }
}

function unwritable({ audit: { path }, origins }: Config, code = 'an unknown error'): ConfigError {
  const origin = origins['audit.path'] ?? 'default';
  return new ConfigError([
    { key: 'audit.path', origin, problem: `${path} can't be written: ${code}` },
  ]);
}
