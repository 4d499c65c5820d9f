#!/usr/bin/env node
import { brokenInstall } from '../server/broken-install.js';
import type * as CommandLine from './command-line.js';
import type * as Worker from './worker.js';
import { WORKER_WORD } from './worker-word.js';

/** A process is one or the other, and loads only that. */
declare function require(id: './command-line.js'): typeof CommandLine;
declare function require(id: './worker.js'): typeof Worker;

// The code that writes reports a failure of the output. One of standard error can't be reported.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// A worker has a line to its primary; a person who types the word has none.
const isWorker = process.argv[2] === WORKER_WORD && process.connected;

function begin(): Promise<void> {
  return isWorker ? require('./worker.js').work() : require('./command-line.js').runCommandLine();
}

try {
  void begin();
} catch (error) {
  // A package is missing that every command needs.
  process.stderr.write(`kapacitor-auth: ${brokenInstall(error).message}\n`);
  process.exitCode = 1;
}
