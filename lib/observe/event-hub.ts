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
} satisfies Record<EventName, true>);

/** Tells listeners what happens. A listener that fails disturbs neither the request nor other listeners. */
export class EventHub {
  readonly #emitter = new EventEmitter();
  readonly #logger: Logger;
  #hearsAuthenticated = false;
  #hasFailed = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Whether anybody wants to know of every request that is let in. */
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

  /** Tells all listeners, in the order in which they came. */
  tell<E extends EventName>(event: E, details: KapacitorAuthEvents[E]): void {
    // An emitter would stop at the first listener that throws.
    for (const listener of this.#emitter.rawListeners(event)) {
      try {
        const answer: unknown = Reflect.apply(listener, undefined, [details]);
        if (answer instanceof Promise) {
          answer.catch((error: unknown) => {
            this.#failed(event, error);
          });
        }
      } catch (error) {
        this.#failed(event, error);
      }
    }
    this.#listen();
  }

  #listen(): void {
    this.#hearsAuthenticated = this.#emitter.listenerCount('authenticated') > 0;
  }

  /** Told once: a listener that fails at every request must not fill the log. The error is the app's and may hold anything. */
  #failed(event: EventName, error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const kind = error instanceof Error ? error.name : typeof error;
    const message = `a listener of "${event}" failed (${kind}); further failures of listeners are not told`;
    if (this.#logger === silentLogger) process.emitWarning(message, 'KapacitorAuthWarning');
    else this.#logger.error(message);
  }
}

/** Not every caller has a compiler. */
function checkName(event: string): string {
  if (NAMES.includes(event)) return event;
  throw new MisuseError(
    `there is no event ${JSON.stringify(event)}; there are ${NAMES.join(', ')}`,
  );
}
