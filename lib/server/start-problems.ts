import type { Config, ConfigProblem } from '../index.js';
import { ConfigError } from '../index.js';
import { unwritableAuditFile } from './audit-log.js';
import type * as GatewayUpstream from './gateway/upstream.js';
import { loading } from './loading.js';
import { reportsUnguarded, switchedOffElsewhere } from './said-here.js';
import { readTls } from './tls.js';
import { keptInOneProcess } from './workers/kept-in-one-process.js';

/** Slow to load, and of no use without an upstream. */
declare function require(id: './gateway/upstream.js'): typeof GatewayUpstream;

/**
 * Returns everything in a valid configuration for which a server does not start, without starting
 * it: an app could use the same configuration.
 *
 * @param workers - how many processes are to serve
 * @returns no problem if a server starts, unless its address or its users can't be had
 */
export function startProblems(config: Config, workers: number): readonly ConfigProblem[] {
  return [
    switchedOffElsewhere(config),
    reportsUnguarded(config),
    workers > 1 ? keptInOneProcess(config) : undefined,
    thrown(() => readTls(config)),
    thrown(() => {
      readUpstreamTls(config);
    }),
    unwritableAuditFile(config),
  ].flatMap((refusal) => refusal?.problems ?? []);
}

function readUpstreamTls(config: Config): void {
  const { upstream, upstreamCa, upstreamCert, upstreamKey } = config.gateway;
  const isSet = [upstreamCa, upstreamCert, upstreamKey].some((path) => path !== '');
  if (upstream === '' || !isSet) return;
  loading(() => require('./gateway/upstream.js')).Upstream.check(config);
}

function thrown(read: () => unknown): ConfigError | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}
