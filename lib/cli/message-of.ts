import type { ConfigProblem } from '../index.js';
import { ConfigError } from '../index.js';

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

/**
 * What a person is told of an error; what was typed goes by the name that was typed.
 *
 * @param words - the command line
 */
export function messageOf(error: unknown, words: readonly string[] = []): string {
  if (error instanceof ConfigError) {
    const isTyped = words.some((word) => /^--config(?:=|$)/.test(word));
    const problems = error.problems.map(asTyped).map((problem) => ofFile(problem, isTyped));
    return new ConfigError(problems).message;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Code is the command line here. */
function asTyped(problem: ConfigProblem): ConfigProblem {
  const flag = problem.origin === 'code' ? FLAGS.get(problem.key) : undefined;
  return flag === undefined ? problem : { ...problem, key: flag, origin: 'command line' };
}

/** A file that can't be understood is told by its line, also when it was named by `--config`. */
function ofFile(problem: ConfigProblem, isTyped: boolean): ConfigProblem {
  return isTyped && problem.key === 'configFile' ? { ...problem, key: '--config' } : problem;
}
