#!/usr/bin/env node
import { isServing, run } from './run.js';

/** Milliseconds that a server may take to end, after the wait for the log. */
const GRACE = 500;

// The code that writes reports a failure of the output. One of standard error can't be reported.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const words = process.argv.slice(2);

void run(words, process).then((exitCode) => {
  process.exitCode = exitCode;
  // A write that nobody reads would keep a stopped server from ending.
  if (isServing(words)) setTimeout(() => process.exit(), GRACE).unref();
});
