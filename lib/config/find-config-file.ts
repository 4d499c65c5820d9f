import { devNull, homedir } from 'node:os';
import { join } from 'node:path';
import type { ConfigProblem } from '../errors.js';
import type { Variables } from './environment-source.js';
import { readFile } from './read-file.js';
import { shown } from './shown.js';

/** A configuration file that was found. */
export interface ConfigFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** A place where the configuration file may be. */
interface Place {
  readonly path: string;
  /** Who says so. */
  readonly origin: string;
  /** Whether it may be missing. */
  readonly optional: boolean;
}

/**
 * Finds the configuration file: the one named in code, else by KAPACITOR_CONFIG_PATH, else the first that exists where
 * Kapacitor looks for its own. The null device stands for no file.
 */
export function findConfigFile(
  named: string | undefined,
  variables: Variables,
  problems: ConfigProblem[],
): ConfigFile | undefined {
  for (const { path, origin, optional } of places(named, variables)) {
    if (path === devNull) return undefined;
    const content = readFile(path);
    if (Buffer.isBuffer(content)) return { path, bytes: content };
    if (content.missing && optional) continue;
    const problem = `${shown(path)} ${content.reason}`;
    problems.push({ key: 'configFile', origin, problem });
    return undefined;
  }
  return undefined;
}

function places(named: string | undefined, variables: Variables): readonly Place[] {
  if (named !== undefined) return [{ path: named, origin: 'code', optional: false }];
  const path = variables.get('KAPACITOR_CONFIG_PATH');
  if (path !== undefined) return [{ path, origin: 'KAPACITOR_CONFIG_PATH', optional: false }];
  const home = variables.get('HOME') ?? homedir();
  return [join(home, '.kapacitor/kapacitor.conf'), '/etc/kapacitor/kapacitor.conf'].map(
    (place) => ({ path: place, origin: 'default', optional: true }),
  );
}
