import type * as PromClient from 'prom-client';
import type { Registry } from 'prom-client';

declare function require(id: 'prom-client'): typeof PromClient;

/** Counts the lines that could not be written, by log. */
export class LostLines {
  server = 0;
  audit = 0;
}

/** The metric of the counts. */
export const LOST_LINES = {
  name: 'kapacitor_auth_log_lines_lost_total',
  help: 'Lines that could not be written, such as on a full disk.',
} as const;

/** Registers the counts as a metric, unless they already are. */
export function registerLostLines(registry: Registry, lost: LostLines): void {
  if (registry.getSingleMetric(LOST_LINES.name) !== undefined) return;
  const { Counter } = require('prom-client');
  new Counter({
    ...LOST_LINES,
    labelNames: ['log'],
    registers: [registry],
    collect() {
      this.reset();
      this.inc({ log: 'server' }, lost.server);
      this.inc({ log: 'audit' }, lost.audit);
    },
  });
}
