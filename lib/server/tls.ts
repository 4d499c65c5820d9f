import { createSecureContext } from 'node:tls';
import type { Config, Logger } from '../index.js';
import { ConfigError } from '../index.js';
import { readPem, signatureOf } from './pem-files.js';

/** A certificate and its key, as PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** Milliseconds between two looks at the files. */
const INTERVAL = 1_000;

/**
 * Reads the certificate and key of the server.
 *
 * @returns undefined if it serves without TLS
 * @throws ConfigError if one is missing, can't be read, or does not fit the other
 */
export function readTls({ gateway, origins }: Config): TlsIdentity | undefined {
  const { tlsCert, tlsKey } = gateway;
  if (tlsCert === '' && tlsKey === '') return undefined;
  const refuse = (key: string, problem: string): never => {
    throw new ConfigError([{ key, origin: origins[key] ?? 'default', problem }]);
  };
  const together = 'a certificate and its key go together, as --tls-cert and --tls-key';
  if (tlsCert === '') refuse('gateway.tls-cert', `is not set, gateway.tls-key is; ${together}`);
  if (tlsKey === '') refuse('gateway.tls-key', `is not set, gateway.tls-cert is; ${together}`);
  let key = 'gateway.tls-key';
  try {
    readPem(tlsKey);
    key = 'gateway.tls-cert';
    return read(tlsCert, tlsKey);
  } catch (error) {
    return refuse(key, describe(error));
  }
}

/**
 * Looks for a new certificate and key once a second, and hands them over. It logs a pair that can't
 * be used, and the server keeps the one that it has.
 *
 * @returns a function that ends the watch
 */
export function watchTls(
  { gateway: { tlsCert, tlsKey } }: Config,
  logger: Logger,
  use: (identity: TlsIdentity) => void,
): () => void {
  let seen = signatureOf([tlsCert, tlsKey]);
  const timer = setInterval(() => {
    // Whatever happens to the files, the server goes on with what it has.
    try {
      const found = signatureOf([tlsCert, tlsKey]);
      if (found === seen) return;
      seen = found;
      use(read(tlsCert, tlsKey));
      logger.info(`the certificate ${tlsCert} was read again`);
    } catch (error) {
      logger.error(`the certificate ${tlsCert} stays as it was: it ${describe(error)}`);
    }
  }, INTERVAL).unref();
  return () => {
    clearInterval(timer);
  };
}

function read(certFile: string, keyFile: string): TlsIdentity {
  const identity = { cert: readPem(certFile), key: readPem(keyFile) };
  createSecureContext(identity);
  return identity;
}

function describe(error: unknown): string {
  return `can't be used: ${error instanceof Error ? error.message : String(error)}`;
}
