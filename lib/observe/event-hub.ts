import { EventEmitter } from 'node:events';
import { MisuseError } from '../errors.js';
import type { Logger } from '../logger.js';
import { silentLogger } from '../logger.js';
import type { EventName, KapacitorAuthEvents, Subscribe } from './events.js';

/** All events; the compiler keeps the list complete. */
const NAMES: readonly string[] = Object.keys({
  authenticated: true,
  rejected: true,
  forbidden: true,
  userChanged: true,
  subscriptionChanged: true,
  revoked: true,
} satisfies Record<EventName, true>);

/**
 * Tells listeners about events. A listener that fails disturbs neither the request nor other
 * listeners.
 */
export class EventHub {
  readonly #emitter = new EventEmitter();
  readonly #logger: Logger;
  #hearsAuthenticated = false;
  #hasFailed = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** True if somebody listens to `authenticated`. */
  get hearsAuthenticated(): boolean {
    return this.#hearsAuthenticated;
  }

  readonly on: Subscribe = (event, listener) => {
    this.#emitter.on(checkName(event), listener);
    this.#listen();
  };

  readonly once: Subscribe = (event, listener) => {
    this.#emitter.once(checkName(event), listener);
    this.#listen();
  };

  readonly off: Subscribe = (event, listener) => {
    this.#emitter.off(checkName(event), listener);
    this.#listen();
  };

  /** Calls all listeners in the order in which they were added. */
  tell<E extends EventName>(event: E, details: KapacitorAuthEvents[E]): void {
    // An emitter would stop at the first listener that throws.
    for (const listener of this.#emitter.rawListeners(event)) {
      this.call(event, () => {
        const answer: unknown = Reflect.apply(listener, undefined, [details]);
        return answer;
      });
    }
    this.#listen();
  }

  /** Calls a listener; if it fails, the failure is logged. @param name - of what it listens to */
  call(name: string, listener: () => unknown): void {
    try {
      const answer = listener();
      if (answer instanceof Promise) {
        answer.catch((error: unknown) => {
          this.#failed(name, error);
        });
      }
    } catch (error) {
      this.#failed(name, error);
    }
  }

  #listen(): void {
    this.#hearsAuthenticated = this.#emitter.listenerCount('authenticated') > 0;
  }

  /**
   * Logs only the first failure: a listener that fails at every request must not fill the log. The
   * error belongs to the app and may hold anything, so only its kind is logged.
   */
  #failed(event: string, error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const kind = error instanceof Error ? error.name : typeof error;
    const message = `a listener of "${event}" failed (${kind}); further failures of listeners are not told`;
    if (this.#logger === silentLogger) process.emitWarning(message, 'KapacitorAuthWarning');
    else this.#logger.error(message);
  }
}

/** Checks the name of an event: not every caller has a compiler. */
function checkName(event: string): string {
  if (NAMES.includes(event)) return event;
  throw new MisuseError(
    `there is no event ${JSON.stringify(event)}; there are ${NAMES.join(', ')}`,
  );
}
