import type { KapacitorAuthError } from '../errors.js';
import { silentLogger } from '../logger.js';
import type { Logger } from '../logger.js';
import { attackedUser } from './attacked-users.js';
import { EventHub } from './event-hub.js';
import type { UserChangedEvent } from './events.js';
import { REFUSAL_BY_CODE } from './outcomes.js';
import { requestFacts } from './request-facts.js';
import type { ReportedRequest } from './request-facts.js';
import { Tally } from './tally.js';

/** Counts what happens and tells those who listen. */
export class Reporter {
  readonly tally: Tally = new Tally();
  readonly events: EventHub;
  readonly #refused = new WeakMap<object, KapacitorAuthError>();

  constructor(logger: Logger = silentLogger) {
    this.events = new EventHub(logger);
  }

  /** A request was let in; to be called only where `events.hearsAuthenticated`, and counted by who calls. */
  authenticated(user: { readonly name: string }, request: ReportedRequest): void {
    this.events.tell('authenticated', Object.freeze({ user: user.name, ...requestFacts(request) }));
  }

  /** A request was refused. Who passes an error on may report it again: it counts once a request. */
  refused(error: KapacitorAuthError, request: ReportedRequest): void {
    if (this.#refused.get(request) === error) return;
    this.#refused.set(request, error);
    const { code, status } = error;
    const refusal = REFUSAL_BY_CODE.get(code);
    if (refusal === undefined) return;
    const { refusals } = this.tally;
    refusals.set(code, (refusals.get(code) ?? 0) + 1);
    if (refusal === 'invalid') return;
    this.events.tell(
      refusal === 'forbidden' ? 'forbidden' : 'rejected',
      Object.freeze({
        code,
        status,
        user: attackedUser(error) ?? request.user?.name,
        ...requestFacts(request),
      }),
    );
  }

  /** A user was created, changed or deleted. */
  userChanged(event: UserChangedEvent): void {
    this.events.tell('userChanged', Object.freeze(event));
  }
}
