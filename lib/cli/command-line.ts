import { isServing, run } from './run.js';

/** Milliseconds that a server may take to end, after the wait for the log. */
const GRACE = 500;

/** Runs the command line of this process, and sets its exit code. */
export async function runCommandLine(): Promise<void> {
  const words = process.argv.slice(2);
  process.exitCode = await run(words, process);
  // A write that nobody reads would keep a stopped server from ending.
  if (isServing(words)) setTimeout(() => process.exit(), GRACE).unref();
}
