import type { Config, ConfigProblem, DescribedOption } from '../index.js';
import { ConfigError, describeConfig } from '../index.js';
import { brokenInstall } from '../server/broken-install.js';

/** Flags of the command line, by the option that they set. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ['configFile', '--config'],
  ['store.type', '--store'],
  ['store.path', '--store'],
  ['store.url', '--store'],
  ['gateway.upstream', '--upstream'],
  ['gateway.tls-cert', '--tls-cert'],
  ['gateway.tls-key', '--tls-key'],
  ['audit.path', '--audit-log'],
  ['http.auth-enabled', '--auth-enabled'],
]);

/**
 * Returns the message of an error for a person. Options that were typed go by the name of their
 * flag.
 *
 * @param words - the command line
 */
export function messageOf(error: unknown, words: readonly string[] = []): string {
  if (error instanceof ConfigError) {
    const isTyped = words.some((word) => /^--config(?:=|$)/.test(word));
    const problems = error.problems.map(asTyped).map((problem) => ofFile(problem, isTyped));
    return new ConfigError(problems).message;
  }
  if (!(error instanceof Error)) return String(error);
  const isMissing = 'code' in error && error.code === 'MODULE_NOT_FOUND';
  return isMissing ? brokenInstall(error).message : error.message;
}

/** Returns a warning of the configuration in which options that were typed go by their flag. */
export function warningAsTyped(warning: string): string {
  return [...FLAGS].reduce(
    (text, [key, flag]) => text.replace(`${key} (code)`, `${flag} (command line)`),
    warning,
  );
}

/** Lists the options as the command line tells them: what was typed has that origin. */
export function describeTyped(config: Config): readonly DescribedOption[] {
  return describeConfig(config).map(originAsTyped);
}

/** Names the command line as the origin of what was typed, which is `code` for the library. */
export function originAsTyped<T extends { readonly origin: string }>(found: T): T {
  return found.origin === 'code' ? { ...found, origin: 'command line' } : found;
}

/** Names the flag in place of an option that was typed. */
export function asTyped(problem: ConfigProblem): ConfigProblem {
  const flag = problem.origin === 'code' ? FLAGS.get(problem.key) : undefined;
  return flag === undefined ? problem : { ...problem, key: flag, origin: 'command line' };
}

/** Names `--config`, if typed, beside the line of a file that can't be understood. */
function ofFile(problem: ConfigProblem, isTyped: boolean): ConfigProblem {
  return isTyped && problem.key === 'configFile' ? { ...problem, key: '--config' } : problem;
}
