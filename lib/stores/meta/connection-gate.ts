import type { buildConnector } from 'undici';
import { MetaFailure } from './meta-failure.js';

type Connector = buildConnector.connector;

/** Connections in the making at a time: each takes a TLS handshake, which delays all others. */
const AT_ONCE = 4;

/** Makes connections, a few at a time. At most as many wait as there may be connections at all. */
export class ConnectionGate {
  readonly #connect: Connector;
  readonly #waiting: Parameters<Connector>[] = [];
  #making = 0;
  #isClosed = false;

  constructor(connect: Connector) {
    this.#connect = connect;
  }

  /** Connects when there is room; a failure is a MetaFailure. */
  connect(...asked: Parameters<Connector>): void {
    if (this.#making < AT_ONCE) this.#make(asked);
    else this.#waiting.push(asked);
  }

  /** Makes no more connections: those that wait fail. */
  close(): void {
    this.#isClosed = true;
    for (const asked of this.#waiting.splice(0)) this.#make(asked);
  }

  #make([options, callback]: Parameters<Connector>): void {
    if (this.#isClosed) {
      callback(new MetaFailure('connection', 'it is not connected to any more'), null);
      return;
    }
    this.#making += 1;
    this.#connect(options, (...[error, socket]) => {
      this.#making -= 1;
      const next = this.#waiting.shift();
      if (next !== undefined) this.#make(next);
      if (error === null) callback(null, socket);
      else callback(MetaFailure.from(error, 'connection'), null);
    });
  }
}
