import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folders of programs of the system, also those that only an administrator has on the path. */
const PLACES = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];

/** The file of a program that is installed here, or undefined. */
export function installed(program: string): string | undefined {
  return PLACES.map((place) => join(place, program)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Describes what needs a program that is none of this package's. Where it isn't installed the tests are skipped, and the reason is
 * printed.
 */
export function describeInstalled(
  program: string,
  title: string,
  define: (file: string) => void,
): void {
  const file = installed(program);
  if (file === undefined) process.stderr.write(`skipped: ${title}: ${program} is not installed\n`);
  (file === undefined ? describe.skip : describe)(title, () => {
    define(file ?? program);
  });
}
