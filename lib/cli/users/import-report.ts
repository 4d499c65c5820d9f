import { ExitStatus, INCOMPLETE } from '../exit-status.js';
import { printJson } from '../print-json.js';
import { printable, printableName } from '../printable.js';
import { exitCodeOf } from '../stop-signal.js';
import { styled } from '../styled.js';
import type { Terminal } from '../terminal.js';
import type { ImportReport } from './import-users.js';
import { listNames } from './list-names.js';

export interface ReportSettings {
  readonly terminal: Terminal;
  readonly location: string;
  /** Number of users to import. */
  readonly total: number;
  readonly dryRun: boolean;
  readonly json: boolean;
}

/**
 * Reports the result of an import.
 *
 * @throws ExitStatus if not all users are as the file says, or if a signal stopped the import;
 * Error if the store failed
 */
export function reportImport(report: ImportReport, settings: ReportSettings): void {
  const { failure, stopped, existing, leftOut } = report;
  if (settings.json) printJson(settings.terminal.stdout, { ...report, failure: failure?.message });
  else reportToPeople(report, settings);
  if (failure !== undefined) {
    throw new Error(
      `${failure.message}; the import stopped there: mend it, and import the file again with --update`,
    );
  }
  if (stopped !== undefined) {
    settings.terminal.stderr.write(
      `kapacitor-auth: stopped by ${stopped.by}: ${String(stopped.done)} of ${String(settings.total)} users are done; the same command goes on\n`,
    );
    throw new ExitStatus(exitCodeOf(stopped.by));
  }
  if (existing.length + leftOut.length > 0) throw new ExitStatus(INCOMPLETE);
}

function reportToPeople(
  { added, updated, existing, leftOut }: ImportReport,
  { terminal: { stdout }, location, dryRun }: ReportSettings,
): void {
  const would = dryRun ? 'would have ' : '';
  const line = (text: string, names: readonly string[]): void => {
    if (names.length > 0) stdout.write(`${text}: ${listNames(names)}\n`);
  };
  line(`${would}added ${count(added)} to ${location}`, added);
  line(`${would}updated ${count(updated)} in ${location}`, updated);
  line(`${count(existing)} there already, left unchanged (see --update)`, existing);
  if (added.length + updated.length === 0) stdout.write(`nothing was changed in ${location}\n`);
  if (leftOut.length > 0) stdout.write(`${styled(stdout, 'yellow', 'left out:')}\n`);
  for (const { place, name, reason } of leftOut) {
    const what = name === undefined ? reason : `${printableName(name)} ${reason}`;
    stdout.write(`  ${place}: ${printable(what)}\n`);
  }
}

function count({ length }: readonly string[]): string {
  return length === 1 ? '1 user' : `${String(length)} users`;
}
