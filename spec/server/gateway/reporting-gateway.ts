import type { KapacitorAuthOptions } from '../../../lib/index.js';
import { parseScrape } from '../../observe/scrape.js';
import type { WrittenLog } from '../written-log.js';
import { judging } from './judging-upstream.js';
import { StartedGateway } from './started-gateway.js';

const running: StartedGateway[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.stop()));
});

/** Starts a gateway that only reports, before an upstream that judges by itself. It stops after the test. */
export async function startReporting(
  options: KapacitorAuthOptions = {},
  gateway: KapacitorAuthOptions['gateway'] = {},
): Promise<StartedGateway> {
  const started = await StartedGateway.start({
    ...options,
    auth: { enforce: 'report', bcryptCost: 4, ...options.auth },
    gateway: { upstreamAuthenticates: true, ...gateway },
  });
  started.upstream.answer = judging;
  running.push(started);
  return started;
}

type Line = WrittenLog['requests'][number];

/** The lines of the audit log so far. */
export function audited({ log }: StartedGateway): readonly Line[] {
  return log.linesOf('audit');
}

/**
 * The lines of the audit log, once there are so many of them.
 *
 * @throws Error with the lines so far if they don't come
 */
export function auditedOnce({ log }: StartedGateway, count = 1): Promise<readonly Line[]> {
  return log.linesOnce('audit', count);
}

/** The sum of a metric over its labels. */
export async function counted({ server }: StartedGateway, metric: string): Promise<number> {
  const scrape = parseScrape(await server.metrics().metrics());
  const series = Object.entries(scrape).filter(([name]) => name.split('{', 1)[0] === metric);
  return series.reduce((sum, [, value]) => sum + value, 0);
}

/** The metric of requests that passed and would have been refused. */
export const REPORTED = 'kapacitor_auth_reported_total';
