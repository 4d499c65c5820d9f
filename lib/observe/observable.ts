import type { Registry } from 'prom-client';
import { addMembers } from '../add-members.js';
import type { KapacitorAuthError } from '../errors.js';
import type { EventListener, EventName } from './events.js';
import type { Measured } from './registry.js';
import { createRegistry } from './registry.js';
import type { Reporter } from './reporter.js';
import type { ReportedRequest } from './request-facts.js';

/** Events and metrics. */
export interface Observable {
  /**
   * Calls a listener at each event of a name: `authenticated`, `rejected`, `forbidden`,
   * `userChanged`, `subscriptionChanged` or `revoked`. It is called before the answer is sent. If
   * it throws, the logger gets a message, and nothing else is disturbed.
   *
   * @throws MisuseError if there is no such event
   *
   * @example
   * ```ts
   * auth.on('rejected', ({ address, code, user }) => console.log(address, code, user));
   * ```
   */
  on<E extends EventName>(event: E, listener: EventListener<E>): void;
  /** As `on`, for the next event only. @throws MisuseError if there is no such event */
  once<E extends EventName>(event: E, listener: EventListener<E>): void;
  /** Removes a listener. @throws MisuseError if there is no such event */
  off<E extends EventName>(event: E, listener: EventListener<E>): void;
  /**
   * Counters and histograms in a registry of their own, for Prometheus:
   * `await auth.metrics.metrics()`. No label holds a user's name or anything else that a client
   * sends.
   */
  readonly metrics: Registry;
  /**
   * Counts a refusal that was decided outside of middleware and guards, such as by
   * `judgeApiRequest`, and tells listeners. An error that `authenticate` rejected with is counted
   * already: to report it again does no harm.
   */
  reportRefusal(error: KapacitorAuthError, request: ReportedRequest): void;
}

/** Makes an object observable. */
export function makeObservable<T extends object>(
  target: T,
  reporter: Reporter,
  queue: Measured['queue'],
): asserts target is T & Observable {
  let registry: Registry | undefined;
  const { on, once, off } = reporter.events;
  addMembers(target, {
    on,
    once,
    off,
    reportRefusal: (error: KapacitorAuthError, request: ReportedRequest) => {
      reporter.refused(error, request);
    },
  });
  Object.defineProperty(target, 'metrics', {
    enumerable: true,
    get: () => (registry ??= createRegistry({ tally: reporter.tally, queue })),
  });
}
