import type { KapacitorAuthError } from '../errors.js';
import type { Logger } from '../logger.js';
import { attackedUser } from './attacked-users.js';
import { EventHub } from './event-hub.js';
import type { RevokedEvent, SubscriptionChangedEvent, UserChangedEvent } from './events.js';
import type { ReportedRequest, ReportedUser } from './request-facts.js';
import { requestFacts } from './request-facts.js';
import { Tally } from './tally.js';

/** Counts what happens and tells listeners. */
export class Reporter {
  readonly tally: Tally = new Tally();
  readonly events: EventHub;
  readonly #refused = new WeakMap<object, KapacitorAuthError>();

  constructor(logger: Logger) {
    this.events = new EventHub(logger);
  }

  /**
   * Tells listeners that a request was let in. Call it only if `events.hearsAuthenticated`; the
   * caller does the counting.
   */
  authenticated(user: ReportedUser, request: ReportedRequest): void {
    this.events.tell('authenticated', Object.freeze({ user: user.name, ...requestFacts(request) }));
  }

  /**
   * Counts a refused request and tells listeners. A caller that passes an error on may report it
   * again: it counts once a request.
   *
   * @param told - the sender; `request.user` if left out
   */
  refused(
    error: KapacitorAuthError,
    request: ReportedRequest,
    told: Pick<ReportedRequest, 'user'> = request,
  ): void {
    if (this.#refused.get(request) === error) return;
    this.#refused.set(request, error);
    const { code, status } = error;
    const counted = this.tally.refusals.get(code);
    if (counted === undefined) return;
    counted.count += 1;
    const { outcome } = counted;
    if (outcome === 'invalid') return;
    this.events.tell(
      outcome === 'forbidden' ? 'forbidden' : 'rejected',
      Object.freeze({
        code,
        status,
        user: attackedUser(error) ?? told.user?.name,
        ...requestFacts(request),
      }),
    );
  }

  /**
   * Counts a request that passes only because refusals are reported and not made, and tells
   * listeners. The caller sees to it that a request counts once.
   */
  reported(
    error: KapacitorAuthError,
    request: ReportedRequest,
    { user }: Pick<ReportedRequest, 'user'>,
  ): void {
    const { code, status } = error;
    const counted = this.tally.reports.get(code);
    if (counted === undefined) return;
    counted.count += 1;
    this.events.tell(
      counted.outcome === 'forbidden' ? 'forbidden' : 'rejected',
      Object.freeze({
        code,
        status,
        reported: true,
        user: attackedUser(error) ?? user?.name,
        ...requestFacts(request),
      }),
    );
  }

  /**
   * Counts a running request whose user may no longer be there, and tells listeners.
   *
   * @param running - the user's name, and the milliseconds that the request was watched
   */
  revoked(
    { code, status }: KapacitorAuthError,
    request: ReportedRequest,
    running: Pick<RevokedEvent, 'user' | 'ms'>,
  ): void {
    this.tally.revoked += 1;
    this.events.tell(
      'revoked',
      Object.freeze({ code, status, ...running, ...requestFacts(request) }),
    );
  }

  /** Tells listeners that a user was created, changed or deleted. */
  userChanged(event: UserChangedEvent): void {
    this.events.tell('userChanged', Object.freeze(event));
  }

  /** Tells listeners that a subscription was granted or revoked. */
  subscriptionChanged(event: SubscriptionChangedEvent): void {
    this.events.tell('subscriptionChanged', Object.freeze(event));
  }
}
