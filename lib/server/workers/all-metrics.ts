import type * as PromClient from 'prom-client';
import { z } from 'zod';
import type { LostLines } from '../lost-lines.js';
import { LOST_LINES } from '../lost-lines.js';
import type { Member } from './member.js';

declare function require(id: 'prom-client'): typeof PromClient;

/** The metrics of a process, as prom-client's registries show them as JSON. */
export type Metrics = readonly object[];

/** Reads the metrics of one process. @throws Error if it is something else */
function readMetrics(received: unknown): Metrics {
  return z.array(z.looseObject({ name: z.string() })).parse(received);
}

/** Reads the metrics of several processes. @throws Error if it is something else */
export function readAllMetrics(received: unknown): Metrics[] {
  return z.array(z.unknown()).parse(received).map(readMetrics);
}

/** Milliseconds that a worker may take to show its metrics. */
const LONGEST = 1_000;

/**
 * Collects the metrics of all workers. A worker that does not answer counts with what it showed
 * last, and one that ended goes on counting: a sum that falls would look like a restart.
 */
export class AllMetrics {
  readonly #lostLines: LostLines;
  readonly #shown = new Map<Member, Metrics>();
  #ofEnded: Metrics = [];

  /** @param lostLines - the lines that this process could not write */
  constructor(lostLines: LostLines) {
    this.#lostLines = lostLines;
  }

  async collect(members: readonly Member[]): Promise<readonly Metrics[]> {
    await Promise.all(members.map((member) => this.#ask(member)));
    return [...this.#shown.values(), this.#ofEnded, this.#own()];
  }

  /** Keeps the counts of a worker that has ended. */
  async keep(member: Member): Promise<void> {
    const shown = this.#shown.get(member);
    this.#shown.delete(member);
    if (shown === undefined) return;
    const counted = shown.filter((metric) => Reflect.get(metric, 'type') !== 'gauge');
    const before = this.#ofEnded;
    const sum = sumOf([before, counted]);
    // At once, so that a collection meanwhile finds them.
    const all = [...before, ...counted];
    this.#ofEnded = all;
    const added = await sum.getMetricsAsJSON();
    // The next worker that ended meanwhile adds up these, too.
    if (this.#ofEnded === all) this.#ofEnded = added;
  }

  async #ask(member: Member): Promise<void> {
    try {
      const metrics = readMetrics(await member.ask({ kind: 'metrics' }, LONGEST));
      if (!member.isOver) this.#shown.set(member, metrics);
    } catch {
      // It counts with what it showed last.
    }
  }

  #own(): Metrics {
    const values = (['server', 'audit'] as const).map((log) => ({
      labels: { log },
      value: this.#lostLines[log],
    }));
    return [{ ...LOST_LINES, type: 'counter', values, aggregator: 'sum' }];
  }
}

/** Adds up the metrics of several processes. */
export function sumOf(all: readonly Metrics[]): PromClient.Registry {
  const { AggregatorRegistry } = require('prom-client');
  return AggregatorRegistry.aggregate(all.map((metrics) => [...metrics]));
}
