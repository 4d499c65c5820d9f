import type * as PromClient from 'prom-client';
import { lazy } from '../lazy.js';
import type { Durations } from './durations.js';
import type { Recalls, Tally } from './tally.js';

/** Sources of the metrics; they can be read at any time. */
export interface Measured {
  readonly tally: Tally;
  /** Passwords whose verification runs, and those that wait for it. */
  readonly queue: { readonly running: number; readonly waiting: number };
}

/** A series: its labels and its value. */
type Series = readonly [labels: Readonly<Record<string, string>>, value: number];

/**
 * Makes the metrics in a registry of their own. Every label has a fixed set of values: nothing that
 * a client sends makes a series. Only this function loads the library, which takes as long to load
 * as all the rest of the package.
 */
export function createRegistry({ tally, queue }: Measured): PromClient.Registry {
  const prom = lazy.promClient();
  const registry = new prom.Registry();
  const registers = [registry];
  for (const { name, help, labelNames = [], series } of counters(tally)) {
    new prom.Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const [labels, value] of series()) this.inc({ ...labels }, value);
      },
    });
  }
  for (const [name, help, value] of [
    ['bcrypt_running', 'Passwords that are being verified or hashed.', () => queue.running],
    ['bcrypt_waiting', 'Passwords that wait to be verified or hashed.', () => queue.waiting],
  ] as const) {
    new prom.Gauge({
      name: `kapacitor_auth_${name}`,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }
  const bcryptHelp = 'Runs of bcrypt and how long each took, without waiting.';
  registerDurations(prom, registry, ['bcrypt_seconds', bcryptHelp, tally.bcrypt]);
  const storeHelp = 'Questions to the user store and how long each took.';
  registerDurations(prom, registry, ['store_seconds', storeHelp, tally.store]);
  return registry;
}

interface CounterDescription {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: string[];
  readonly series: () => readonly Series[];
}

function counters(tally: Tally): readonly CounterDescription[] {
  return [
    {
      name: 'kapacitor_auth_requests_total',
      help: 'Requests by outcome and code; a forbidden one was authenticated before and counts as both.',
      labelNames: ['outcome', 'code'],
      series: () => [
        [{ outcome: 'authenticated', code: '' }, tally.authenticated],
        ...Array.from(tally.refusals, ([code, { outcome, count }]): Series => {
          return [{ outcome, code }, count];
        }),
      ],
    },
    {
      name: 'kapacitor_auth_reported_total',
      help: 'Requests that passed, and would have been refused if refusals were not only reported.',
      labelNames: ['outcome', 'code'],
      series: () =>
        Array.from(tally.reports, ([code, { outcome, count }]): Series => {
          return [{ outcome, code }, count];
        }),
    },
    {
      name: 'kapacitor_auth_cache_total',
      help: 'Cache look-ups (verified credentials, users) by result.',
      labelNames: ['cache', 'result'],
      series: () => [
        ...recalls('credentials', tally.credentials),
        ...recalls('users', tally.users),
      ],
    },
    {
      name: 'kapacitor_auth_store_errors_total',
      help: 'Times that the user store failed to open or to answer.',
      series: () => [[{}, tally.storeErrors]],
    },
    {
      name: 'kapacitor_auth_revoked_total',
      help: 'Running requests that were ended, since their user may no longer be there.',
      series: () => [[{}, tally.revoked]],
    },
  ];
}

function recalls(cache: string, { hits, misses }: Recalls): readonly Series[] {
  return [
    [{ cache, result: 'hit' }, hits],
    [{ cache, result: 'miss' }, misses],
  ];
}

/**
 * Registers a histogram that is counted elsewhere: one of prom-client counts only while it is
 * loaded.
 */
function registerDurations(
  { Histogram }: typeof PromClient,
  registry: PromClient.Registry,
  [suffix, help, durations]: readonly [suffix: string, help: string, durations: Durations],
): void {
  const name = `kapacitor_auth_${suffix}`;
  const series = (): readonly (readonly [part: string, labels: object, value: number])[] => {
    const { cumulative, count, seconds } = durations;
    return [
      ...cumulative.map(([le, shorter]) => ['bucket', { le }, shorter] as const),
      ['bucket', { le: '+Inf' }, count],
      ['sum', {}, seconds],
      ['count', {}, count],
    ];
  };
  class Counted extends Histogram {
    // The library reads all else from this, both for text and for JSON.
    getForPromString(): Promise<object> {
      const values = series().map(([part, labels, value]) => ({
        metricName: `${name}_${part}`,
        labels,
        sharedLabels: {},
        value,
      }));
      return Promise.resolve({ name, help, type: 'histogram', values, aggregator: 'sum' });
    }
  }
  new Counted({ name, help, registers: [registry] });
}
