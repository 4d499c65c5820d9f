import { ExitStatus, INCOMPLETE } from '../exit-status.js';
import { printJson } from '../print-json.js';
import { printable, printableName } from '../printable.js';
import { exitCodeOf } from '../stop-signal.js';
import { styled } from '../styled.js';
import type { Terminal } from '../terminal.js';
import type { LeftOut } from './file-users.js';
import type { SubscriptionReport } from './import-subscriptions.js';
import { importSum } from './import-sum.js';
import type { ImportReport } from './import-users.js';
import { listNames } from './list-names.js';

/** The result of an import; of a Kapacitor's database, with what only such a one brings. */
export interface ImportSummary extends ImportReport {
  readonly subscriptions?: SubscriptionReport | undefined;
  /** Imported users whose hash the first login renews. */
  readonly renewed?: readonly string[] | undefined;
}

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
export function reportImport(report: ImportSummary, settings: ReportSettings): void {
  const { failure, stopped, existing, leftOut, subscriptions } = report;
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
  const unchanged = existing.length + (subscriptions?.existing.length ?? 0);
  if (unchanged + leftOut.length > 0) throw new ExitStatus(INCOMPLETE);
}

function reportToPeople(report: ImportSummary, settings: ReportSettings): void {
  const { added, updated, existing, leftOut, renewed = [], subscriptions } = report;
  const {
    terminal: { stdout },
    location,
    dryRun,
  } = settings;
  const would = dryRun ? 'would have ' : '';
  const kept = keptText(report);
  const line = (text: string, names: readonly string[]): void => {
    if (names.length > 0) stdout.write(`${text}: ${listNames(names)}\n`);
  };
  line(`${would}added ${count(added)} to ${location}`, added);
  line(`${would}updated ${count(updated)} in ${location}`, updated);
  line(`${count(existing)} ${kept}`, existing);
  const { added: taken = [], updated: replaced = [], existing: granted = [] } = subscriptions ?? {};
  line(`${would}added ${count(taken, 'subscription token')}`, taken);
  line(`${would}updated ${count(replaced, 'subscription token')}`, replaced);
  line(`${count(granted, 'subscription token')} ${kept}`, granted);
  const changes = added.length + updated.length + taken.length + replaced.length;
  if (changes === 0) stdout.write(`nothing was changed in ${location}\n`);
  if (renewed.length > 0) {
    stdout.write(
      `${count(renewed)} with a hash that costs less than auth.bcrypt-cost: the next login renews it\n`,
    );
  }
  if (leftOut.length > 0) stdout.write(`${styled(stdout, 'yellow', 'left out:')}\n`);
  for (const left of leftOut) stdout.write(`  ${printable(leftOutLine(left))}\n`);
  if (subscriptions !== undefined)
    stdout.write(`${importSum({ ...report, subscriptions }, dryRun)}\n`);
}

/** Names the option for what is there already by the word that the pages use of such a file. */
function keptText({ subscriptions }: ImportSummary): string {
  const option = subscriptions === undefined ? '--update' : '--replace';
  return `there already, left unchanged (see ${option})`;
}

/** Returns the line about something that is left out. */
export function leftOutLine({ kind, place, name, reason, command }: LeftOut): string {
  const who = kind !== undefined || name === undefined ? '' : `${printableName(name)} `;
  const byHand = command === undefined ? '' : `; by hand: ${command}`;
  return `${place}: ${who}${reason}${byHand}`;
}

function count({ length }: readonly string[], what = 'user'): string {
  return length === 1 ? `1 ${what}` : `${String(length)} ${what}s`;
}
