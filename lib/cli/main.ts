#!/usr/bin/env node
import { run } from './run.js';

// A failure of the output is told by whoever writes it; one of standard error can be told nowhere.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

void run(process.argv.slice(2), process).then((exitCode) => {
  process.exitCode = exitCode;
});
