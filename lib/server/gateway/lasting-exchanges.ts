import type { KapacitorAuth } from '../../index.js';
import type { ForwardedExchange } from './end-when-revoked.js';
import { endWhenRevoked } from './end-when-revoked.js';

/** Milliseconds between two looks: an exchange is watched once it lasts one to two of them. */
const EVERY = 25;

/**
 * Finds the exchanges that last, and has them ended when they are revoked. Most are over before; to
 * watch each of them would cost a fifth of the work of the gateway. `auth.onRevoked` misses no
 * change that was made before it was called, so an exchange may be watched late.
 *
 * One that is over is let go at once: the garbage collector would copy all that are still held.
 */
export class LastingExchanges {
  readonly #auth: Pick<KapacitorAuth, 'onRevoked'>;
  #added = new Set<ForwardedExchange>();
  #older = new Set<ForwardedExchange>();
  #timer: NodeJS.Timeout | undefined;

  constructor(auth: Pick<KapacitorAuth, 'onRevoked'>) {
    this.#auth = auth;
  }

  add(forwarded: ForwardedExchange): void {
    const { exchange } = forwarded;
    if (exchange.isOver) return;
    this.#added.add(forwarded);
    exchange.whenOver(() => {
      if (!this.#added.delete(forwarded)) this.#older.delete(forwarded);
    });
    this.#timer ??= setTimeout(() => {
      this.#look();
    }, EVERY).unref();
  }

  #look(): void {
    const lasting = this.#older;
    this.#older = this.#added;
    this.#added = new Set();
    for (const forwarded of lasting) endWhenRevoked(this.#auth, forwarded);
    if (this.#older.size > 0) this.#timer?.refresh();
    else this.#timer = undefined;
  }
}
