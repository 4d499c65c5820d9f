import type { KapacitorAuth } from '../../index.js';
import type { ForwardedExchange } from './end-when-revoked.js';
import { endWhenRevoked } from './end-when-revoked.js';

/** Milliseconds between two looks: an exchange is watched once it lasts one to two of them. */
const EVERY = 25;

/**
 * Finds the exchanges that last, and has them ended when they are revoked. Most are over before; to
 * watch each of them would cost a fifth of the work of the gateway. `auth.onRevoked` misses no
 * change that was made before it was called, so an exchange may be watched late.
 */
export class LastingExchanges {
  readonly #auth: Pick<KapacitorAuth, 'onRevoked'>;
  #added: ForwardedExchange[] = [];
  #older: readonly ForwardedExchange[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(auth: Pick<KapacitorAuth, 'onRevoked'>) {
    this.#auth = auth;
  }

  add(forwarded: ForwardedExchange): void {
    this.#added.push(forwarded);
    this.#timer ??= setTimeout(() => {
      this.#look();
    }, EVERY).unref();
  }

  #look(): void {
    for (const forwarded of this.#older) {
      if (!forwarded.exchange.isOver) endWhenRevoked(this.#auth, forwarded);
    }
    this.#older = this.#added;
    this.#added = [];
    if (this.#older.length > 0) this.#timer?.refresh();
    else this.#timer = undefined;
  }
}
