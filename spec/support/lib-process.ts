import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { buildLib } from './build-lib.js';

/** Milliseconds after which a process is killed that hangs; before its test gives up. */
const TIME_LIMIT = 25_000;

/** The script that a process is to run, and its surroundings. */
export interface LibScript {
  /** The body of an async function, given `lib(path)` for modules of lib, and `args`. */
  readonly script: string;
  readonly args?: readonly string[];
  /** A command that is given the program to run, and its arguments. */
  readonly wrapper?: readonly string[];
}

/**
 * A wrapper under which files are as closed to root as to anybody: it stays their owner, and the one who may read this code, in a
 * folder that only root may enter too.
 */
export function boundByModes(): readonly string[] {
  if (process.getuid?.() !== 0) return [];
  const withoutRights = ['setpriv', '--bounding-set=-all', '--inh-caps=-all'];
  const isThere = spawnSync('setpriv', ['--version']).status === 0;
  if (!isThere) throw new Error('root runs this, so setpriv must be installed (util-linux)');
  return withoutRights;
}

/** Starts a process that runs a script with the modules of lib. */
export function spawnWithLib({
  script,
  args = [],
  wrapper = [],
}: LibScript): ChildProcessWithoutNullStreams {
  const program = `
    const lib = (path) => require(${JSON.stringify(buildLib())} + '/' + path);
    const args = process.argv.slice(1);
    (async () => {${script}})();`;
  const words = [...wrapper, process.execPath, '-e', program, '--', ...args];
  const [command = '', ...rest] = words;
  return spawn(command, rest, { timeout: TIME_LIMIT, killSignal: 'SIGKILL' });
}

/** Runs such a process until it ends by itself, and returns the JSON that it writes. */
export async function runWithLib(script: LibScript): Promise<unknown> {
  const child = spawnWithLib(script);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}
