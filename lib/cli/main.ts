#!/usr/bin/env node
import { run } from './run.js';

// Whoever reads the output may stop early (`users list | head`).
process.stdout.on('error', () => process.exit());

void run(process.argv.slice(2), process).then((exitCode) => {
  process.exitCode = exitCode;
});
