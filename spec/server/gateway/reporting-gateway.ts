import { setTimeout as delay } from 'node:timers/promises';
import type { KapacitorAuthOptions } from '../../../lib/index.js';
import { parseScrape } from '../../observe/scrape.js';
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

type Line = Readonly<Record<string, unknown>>;

/** The lines of the audit log so far. */
export function audited({ log }: StartedGateway): readonly Line[] {
  return log.text
    .split('\n')
    .filter((line) => line.includes('"msg":"audit"'))
    .map((line) => JSON.parse(line) as Line);
}

/** The lines of the audit log, once there are so many of them. */
export async function auditedOnce(gateway: StartedGateway, count = 1): Promise<readonly Line[]> {
  while (audited(gateway).length < count) await delay(5);
  return audited(gateway);
}

/** The sum of a metric over its labels. */
export async function counted({ server }: StartedGateway, metric: string): Promise<number> {
  const scrape = parseScrape(await server.metrics().metrics());
  const series = Object.entries(scrape).filter(([name]) => name.split('{', 1)[0] === metric);
  return series.reduce((sum, [, value]) => sum + value, 0);
}

/** The metric of requests that passed and would have been refused. */
export const REPORTED = 'kapacitor_auth_reported_total';
