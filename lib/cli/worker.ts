import { LostLines } from '../server/lost-lines.js';
import type { WorkerLog } from '../server/workers/run-worker.js';
import { runWorker } from '../server/workers/run-worker.js';
import { messageOf } from './message-of.js';
import { watchOutput } from './output-failure.js';
import type { LogLevel } from './server-log.js';
import { LOG_LEVELS, openServerLog } from './server-log.js';

/** Milliseconds for the last lines. */
const LAST_LINES = 2_000;

let closeLog: () => void = () => undefined;

/** Opens the log of this worker; the primary reads it. */
function openLog(chosen: string): WorkerLog {
  const level: LogLevel = LOG_LEVELS.find((known) => known === chosen) ?? 'info';
  const lostLines = new LostLines();
  const { logger, close } = openServerLog(process.stdout, level === 'silent' ? level : 'error', {
    base: { worker: process.pid },
    failed: () => undefined,
    lost: (lines) => (lostLines.server += lines),
  });
  closeLog = close;
  return { logger, lostLines, begin: () => void (logger.level = level) };
}

/** Makes this process a worker of `kapacitor-auth serve --workers`, and ends it afterwards. */
export async function work(): Promise<void> {
  // A terminal and service managers signal all processes of a group; the primary tells the workers.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => undefined);
  const output = watchOutput(process.stdout);
  try {
    await runWorker({ openLog, textOf: messageOf });
  } finally {
    closeLog();
    await output.end(LAST_LINES);
    process.exit();
  }
}
