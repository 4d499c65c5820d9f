import type { Config, ConfigProblem } from '../index.js';
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
 * Returns the reason why a server does not start if refusals are only reported. It does so only as
 * a gateway before an upstream that judges clients by itself, and without credentials of its own:
 * it would lend them to everybody.
 *
 * @returns undefined if it refuses, or may start
 */
export function reportsUnguarded({ auth, gateway, origins }: Config): ConfigError | undefined {
  if (auth.enforce === 'on') return undefined;
  const refused = (key: string, problem: string): ConfigProblem => ({
    key,
    origin: origins[key] ?? 'default',
    problem,
  });
  if (gateway.upstream === '') return new ConfigError([refused('auth.enforce', NO_UPSTREAM)]);
  const lent = OWN_CREDENTIALS.filter(([name]) => gateway[name] !== '').map(([, key]) =>
    refused(key, LENT),
  );
  const problems = gateway.upstreamAuthenticates
    ? lent
    : [refused('auth.enforce', UNSAID), ...lent];
  return problems.length === 0 ? undefined : new ConfigError(problems);
}

const OWN_CREDENTIALS = [
  ['upstreamUsername', 'gateway.upstream-username'],
  ['upstreamPassword', 'gateway.upstream-password'],
  ['upstreamSharedSecret', 'gateway.upstream-shared-secret'],
  ['upstreamCert', 'gateway.upstream-cert'],
] as const;

const ENFORCE = 'set KAPACITOR_AUTH_ENFORCE=on, or leave it out';

const NO_UPSTREAM =
  'is "report", which is for what is protected in another way; a server without an upstream always refuses: name the upstream ' +
  `by --upstream or gateway.upstream; or ${ENFORCE}`;

const UNSAID =
  'is "report", so that every request would reach the upstream; if the upstream authenticates and judges clients by itself, ' +
  `say so by gateway.upstream-authenticates = true (KAPACITOR_GATEWAY_UPSTREAM_AUTHENTICATES=true); else ${ENFORCE}`;

const LENT =
  'is set while auth.enforce is "report": whoever is not refused here would act by it at the upstream; leave it out, so that ' +
  `clients send their own credentials; or ${ENFORCE}`;
