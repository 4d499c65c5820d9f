import { ConfigError } from '../index.js';
import type { ConfigProblem } from '../index.js';

/** The words of the command line that give options their values. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['configFile', '--config'],
  ['store.type', '--store'],
  ['store.path', '--store'],
  ['gateway.upstream', '--upstream'],
  ['gateway.tls-cert', '--tls-cert'],
  ['gateway.tls-key', '--tls-key'],
  ['audit.path', '--audit-log'],
  ['http.auth-enabled', '--auth-enabled'],
]);

/** What a person is told of an error; what was typed goes by the name that was typed. */
export function messageOf(error: unknown): string {
  if (error instanceof ConfigError) return new ConfigError(error.problems.map(asTyped)).message;
  return error instanceof Error ? error.message : String(error);
}

/** Code is the command line here. */
function asTyped(problem: ConfigProblem): ConfigProblem {
  const flag = problem.origin === 'code' ? FLAGS.get(problem.key) : undefined;
  return flag === undefined ? problem : { ...problem, key: flag, origin: 'command line' };
}
