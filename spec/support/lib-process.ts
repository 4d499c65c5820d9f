import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { text } from 'node:stream/consumers';
import manifest from '../../package.json';
import { buildLib } from './build-lib.js';

/** The packages that lib loads when it needs them. */
const LOADED_LATE = Object.keys(manifest.dependencies).filter(
  (name) => !name.startsWith('@types/'),
);

/** Milliseconds after which a process is killed that hangs; before its test gives up. */
const TIME_LIMIT = 25_000;

/** What a process is to run, and how. */
export interface LibScript {
  /** The body of an async function, given `lib(path)` for modules of lib, `args`, and `becomeNobody()`. */
  readonly script: string;
  readonly args?: readonly string[];
  /** A command that is given the program to run, and its arguments. */
  readonly wrapper?: readonly string[];
}

/**
 * Gives up what root may do. All code is loaded before: only root may enter the folder that it is in, perhaps.
 *
 * @param folder - where lib was built
 */
const BECOME_NOBODY = (folder: string): string => `
  const becomeNobody = () => {
    if (process.getuid() !== 0) return;
    const load = require('node:module').createRequire(${JSON.stringify(`${folder}/index.js`)});
    const all = require('node:fs').readdirSync(${JSON.stringify(folder)}, { recursive: true });
    for (const path of all) if (path.endsWith('.js') && !path.startsWith('cli')) lib(path);
    for (const name of ${JSON.stringify(LOADED_LATE)}) load(name);
    process.setuid(65534);
  };`;

/** Starts a process that runs a script with the modules of lib. */
export function spawnWithLib({
  script,
  args = [],
  wrapper = [],
}: LibScript): ChildProcessWithoutNullStreams {
  const program = `
    const lib = (path) => require(${JSON.stringify(buildLib())} + '/' + path);
    const args = process.argv.slice(1);
    ${BECOME_NOBODY(buildLib())}
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
