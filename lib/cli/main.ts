#!/usr/bin/env node
import { isServing, run } from './run.js';

/** How long that may take, in milliseconds, after the wait for the log. */
const GRACE = 500;

// A failure of the output is told by whoever writes it; one of standard error can be told nowhere.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const words = process.argv.slice(2);

void run(words, process).then((exitCode) => {
  process.exitCode = exitCode;
  // A write that nobody takes would keep a server that has stopped from its end.
  if (isServing(words)) setTimeout(() => process.exit(), GRACE).unref();
});
