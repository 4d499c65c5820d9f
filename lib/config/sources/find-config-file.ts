import { devNull, homedir } from 'node:os';
import { join } from 'node:path';
import type { ConfigProblem } from '../../errors.js';
import { printValue } from '../print-value.js';
import type { Variables } from './environment-source.js';
import { readFile } from './read-file.js';

/** A configuration file that is there. */
export interface ConfigFile {
  readonly path: string;
  readonly bytes: Buffer;
  /**
   * True if somebody named the file, so that it is meant for this program. Otherwise it lies in a
   * place where Kapacitor keeps its own.
   */
  readonly isNamed: boolean;
}

/** A possible place of the configuration file. */
interface Place {
  readonly path: string;
  /** `code`, a variable's name, or `default`. */
  readonly origin: string;
  /** Somebody named it; if not, it may be missing. */
  readonly isNamed: boolean;
}

/**
 * Finds the configuration file: the one named in code, else by KAPACITOR_CONFIG_PATH, else the
 * first that exists in the places of Kapacitor's own. The null device stands for no file, and so
 * does `false` in code.
 */
export function findConfigFile(
  named: string | false | undefined,
  variables: Variables,
  problems: ConfigProblem[],
): ConfigFile | undefined {
  if (named === false) return undefined;
  for (const { path, origin, isNamed } of places(named, variables)) {
    if (path === devNull) return undefined;
    const content = readFile(path);
    if (Buffer.isBuffer(content)) return { path, bytes: content, isNamed };
    if (content.missing && !isNamed) continue;
    const problem = `${printValue(path)} ${content.reason}`;
    problems.push({ key: 'configFile', origin, problem });
    return undefined;
  }
  return undefined;
}

function places(named: string | undefined, variables: Variables): readonly Place[] {
  if (named !== undefined) return [{ path: named, origin: 'code', isNamed: true }];
  const path = variables.get('KAPACITOR_CONFIG_PATH');
  if (path !== undefined) return [{ path, origin: 'KAPACITOR_CONFIG_PATH', isNamed: true }];
  const home = homeFolder(variables);
  return [
    ...(home === undefined ? [] : [join(home, '.kapacitor/kapacitor.conf')]),
    '/etc/kapacitor/kapacitor.conf',
  ].map((place) => ({ path: place, origin: 'default', isNamed: false }));
}

/**
 * Undefined if the environment names no home folder and the system doesn't know the account, as in
 * some containers.
 */
function homeFolder(variables: Variables): string | undefined {
  const named = variables.get('HOME');
  if (named !== undefined) return named;
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
