import type { ConnectionOptions, SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { SingleFlight } from '../../single-flight.js';
import { reasonOf } from '../rules/reason-of.js';
import type { TlsMaterial, TlsPaths } from '../rules/tls-files.js';
import { markOf, readTlsFiles } from '../rules/tls-files.js';
import { PostgresFailure } from './postgres-failure.js';

/** The options of kapacitor.conf that name the files of TLS. */
export const TLS_OPTIONS: TlsPaths = { ca: 'store.ca', cert: 'store.cert', key: 'store.key' };

/** Milliseconds between two looks whether the files changed. */
const LOOK_EVERY = 1_000;

/** Options of TLS. */
export interface TlsContextOptions {
  readonly paths: TlsPaths;
  /** True to accept any certificate of the server. */
  readonly insecureSkipVerify: boolean;
}

/**
 * Holds the content of the files of TLS. New connections use a certificate that was renewed on disk
 * without a restart.
 */
export class TlsContext {
  readonly #insecureSkipVerify: boolean;
  readonly #paths: TlsPaths;
  readonly #reading = new SingleFlight<void>();
  #last: { readonly material: TlsMaterial; readonly context: SecureContext } | undefined;
  #lookedAt = -Infinity;

  constructor({ paths, insecureSkipVerify }: TlsContextOptions) {
    this.#paths = paths;
    this.#insecureSkipVerify = insecureSkipVerify;
  }

  /**
   * Makes the options of connections to a server, which pg reads for each new one. They name the
   * host: older versions of pg give TLS no address, only a name, and then Node accepts a
   * certificate for "localhost" alone.
   */
  optionsFor(host: string): ConnectionOptions {
    const options = { host, rejectUnauthorized: !this.#insecureSkipVerify };
    return Object.defineProperty(options, 'secureContext', {
      enumerable: true,
      get: () => this.#last?.context,
    });
  }

  /** Reads files that changed. @throws PostgresFailure that names a file that can't be used */
  async refresh(): Promise<void> {
    if (this.#last !== undefined && performance.now() - this.#lookedAt < LOOK_EVERY) return;
    await this.#reading.run('', () => this.#read());
  }

  async #read(): Promise<void> {
    const last = this.#last?.material;
    const isOver = last !== undefined && Date.now() >= last.expires;
    if (last !== undefined && !isOver && (await markOf(this.#paths)) === last.mark) {
      this.#lookedAt = performance.now();
      return;
    }
    try {
      const material = await readTlsFiles(this.#paths, TLS_OPTIONS);
      const { ca, cert, key } = material;
      this.#last = { material, context: createSecureContext({ ca, cert, key }) };
      this.#lookedAt = performance.now();
    } catch (error) {
      throw new PostgresFailure('connection', `can't be asked over TLS: ${reasonOf(error)}`);
    }
  }
}
