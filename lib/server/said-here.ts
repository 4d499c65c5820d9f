import type { Config } from '../index.js';
import { ConfigError } from '../index.js';

const KEY = 'http.auth-enabled';

const PROBLEM =
  'is false in a file, which may be meant for a Kapacitor; a server takes that from the command line and the environment only: ' +
  'say --auth-enabled true to authenticate users (KAPACITOR_HTTP_AUTH_ENABLED=true and KAPACITOR_AUTH_ENABLED=true), or ' +
  '--auth-enabled false (KAPACITOR_HTTP_AUTH_ENABLED=false) to let every request pass as administrator';

/**
 * Returns the reason why a server does not start without authentication: only a file switches it
 * off, and that may be the file of the Kapacitor whose requests the server is to judge.
 *
 * @returns undefined if there is authentication, or if it was switched off for this server
 */
export function switchedOffElsewhere({
  http,
  origins,
  configFile,
}: Config): ConfigError | undefined {
  const { [KEY]: origin = 'default' } = origins;
  if (http.authEnabled || configFile === undefined) return undefined;
  if (origin !== configFile && !origin.startsWith(`${configFile}:`)) return undefined;
  return new ConfigError([{ key: KEY, origin, problem: PROBLEM }]);
}

/** Replaces an app's remedies by those of a server: naming the file does not help a server. */
export function asServed(error: unknown): unknown {
  if (!(error instanceof ConfigError)) return error;
  return new ConfigError(
    error.problems.map((each) =>
      each.key === KEY && each.problem.startsWith('is false in a file that nobody named')
        ? { ...each, problem: PROBLEM }
        : each,
    ),
  );
}

/**
 * Returns the reason why a server does not start if refusals are only reported: it would open what
 * it serves, and forward everybody's requests with its own credentials.
 */
export function reportsOnly({ auth, origins }: Config): ConfigError | undefined {
  const key = 'auth.enforce';
  if (auth.enforce === 'on') return undefined;
  const problem =
    'is "report", which is for apps that are protected in another way; a server always refuses: ' +
    'set KAPACITOR_AUTH_ENFORCE=on, or leave it out';
  return new ConfigError([{ key, origin: origins[key] ?? 'default', problem }]);
}
