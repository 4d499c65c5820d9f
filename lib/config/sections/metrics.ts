import type { SectionRows } from '../option.js';
import { choice } from '../value-types.js';

/** `[metrics]`: the counters that `kapacitor-auth serve` shows of itself. */
export interface MetricsConfig {
  /** Readers of `GET /metrics`: nobody, administrators, or everybody. */
  readonly endpoint: 'off' | 'admin' | 'open';
}

/** `[metrics]`: the counters that `kapacitor-auth serve` shows of itself. */
export interface MetricsOptions {
  /** Readers of `GET /metrics`: nobody, administrators, or everybody. Default `'off'`. */
  readonly endpoint?: 'off' | 'admin' | 'open' | undefined;
}

/** The rows of `[metrics]`. */
export const metricsRows: SectionRows<MetricsConfig> = {
  endpoint: {
    type: choice('off', 'admin', 'open'),
    default: 'off',
    purpose: 'who may read `GET /metrics` of `kapacitor-auth serve`',
  },
};
