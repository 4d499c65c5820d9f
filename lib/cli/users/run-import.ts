import { notingStop } from '../stop-signal.js';
import type { Terminal } from '../terminal.js';
import type { FileUser, FileUsers, LeftOut } from './file-users.js';
import { importProgress } from './import-progress.js';
import type { ImportSummary } from './import-report.js';
import { leftOutLine } from './import-report.js';
import { importSubscriptions } from './import-subscriptions.js';
import type { ImportReport, ImportSettings } from './import-users.js';
import { importAtOnce, importUsers, judgeUsers } from './import-users.js';
import type { OpenUsers } from './with-users.js';

export interface RunSettings {
  readonly update: boolean;
  readonly dryRun: boolean;
  /** All users or none. */
  readonly atomic: boolean;
  /** A file with a mistake is not imported at all. */
  readonly strict: boolean;
}

/**
 * Imports users and, after them, subscription tokens.
 *
 * @returns the result, and the number of users that could be imported
 * @throws Error if nothing was imported
 */
export async function runImport(
  { users, subscriptions }: Pick<OpenUsers, 'users' | 'subscriptions'>,
  brought: FileUsers,
  terminal: Terminal,
  settings: RunSettings,
): Promise<{ readonly summary: ImportSummary; readonly total: number }> {
  const { update, dryRun, atomic, strict } = settings;
  const { kapacitor } = brought;
  // Places of users of a Kapacitor are their names.
  const marked = (left: readonly LeftOut[]): readonly LeftOut[] =>
    kapacitor === undefined ? left : left.map((each) => ({ kind: 'user', ...each }));
  const { judged, leftOut } = judgeUsers(users, brought.users);
  const notBrought = [...brought.leftOut, ...marked(leftOut)].sort(byPlace);
  if (strict || atomic) refuseMistakes(notBrought);
  const { advance, beginAll, end } = importProgress(terminal, judged.length);
  if (atomic && !dryRun) beginAll();
  const summary = await notingStop(async (stopSignal) => {
    const each: ImportSettings = { update, dryRun, advance, stopSignal };
    const report =
      atomic && !dryRun
        ? await importAtOnce(users, judged, { update })
        : await importUsers(users, judged, each);
    const left = [...notBrought, ...marked(report.leftOut)];
    if (kapacitor === undefined) return { ...report, leftOut: left.sort(byPlace) };
    const taken = await importSubscriptions(
      subscriptions,
      isWhole(report) ? kapacitor.subscriptions : [],
      each,
    );
    return {
      ...report,
      leftOut: [...left, ...taken.leftOut].sort(byPlace),
      renewed: renewedOf(report, kapacitor.renewed),
      subscriptions: taken.report,
      ...ending(report, taken, judged),
    };
  }).finally(end);
  return { summary, total: judged.length };
}

function isWhole({ failure, stopped }: ImportReport): boolean {
  return failure === undefined && stopped === undefined;
}

function renewedOf({ added, updated }: ImportReport, cheap: readonly string[]): readonly string[] {
  const taken = new Set([...added, ...updated]);
  return cheap.filter((name) => taken.has(name));
}

/** The reason why an import ended early: that of the users comes first. */
function ending(
  report: ImportReport,
  taken: Awaited<ReturnType<typeof importSubscriptions>>,
  judged: readonly FileUser[],
): Pick<ImportReport, 'failure' | 'stopped'> {
  if (!isWhole(report)) return {};
  const { failure, stopped: by } = taken;
  return {
    ...(failure !== undefined && { failure }),
    ...(by !== undefined && { stopped: { by, done: judged.length } }),
  };
}

function byPlace(one: LeftOut, other: LeftOut): number {
  return one.place.localeCompare(other.place, 'en', { numeric: true });
}

function refuseMistakes(mistakes: readonly LeftOut[]): void {
  if (mistakes.length === 0) return;
  throw new Error(['nothing was imported:', ...mistakes.map(leftOutLine)].join('\n  '));
}
