import { readFileSync, statSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../index.js';
import type { Config, Logger } from '../index.js';

/** A certificate and its key, as PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** More than any certificate or key holds, in bytes. */
const MOST_BYTES = 1_048_576;

/** How often the files are looked at, in milliseconds. */
const INTERVAL = 1_000;

/**
 * The certificate and key of the server.
 *
 * @returns undefined where it serves without TLS
 * @throws ConfigError when one is missing, can't be read, or does not fit the other
 */
export function readTls({ gateway, origins }: Config): TlsIdentity | undefined {
  const { tlsCert, tlsKey } = gateway;
  if (tlsCert === '' && tlsKey === '') return undefined;
  const refuse = (key: string, problem: string): never => {
    throw new ConfigError([{ key, origin: origins[key] ?? 'default', problem }]);
  };
  const together = 'a certificate and its key go together';
  if (tlsCert === '') refuse('gateway.tls-cert', `is not set, gateway.tls-key is; ${together}`);
  if (tlsKey === '') refuse('gateway.tls-key', `is not set, gateway.tls-cert is; ${together}`);
  try {
    return read(tlsCert, tlsKey);
  } catch (error) {
    return refuse('gateway.tls-cert', describe(error));
  }
}

/**
 * Looks for a new certificate and key, once a second, and hands them over; a pair that can't be used is logged, and the one in use
 * stays.
 *
 * @returns stops it
 */
export function watchTls(
  { gateway: { tlsCert, tlsKey } }: Config,
  logger: Logger,
  use: (identity: TlsIdentity) => void,
): () => void {
  let seen = signature(tlsCert, tlsKey);
  const timer = setInterval(() => {
    // Whatever becomes of the files, the server goes on with what it has.
    try {
      const found = signature(tlsCert, tlsKey);
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
  for (const file of [certFile, keyFile]) refuseOtherThanFiles(file);
  const identity = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  createSecureContext(identity);
  return identity;
}

/** A pipe would be waited for without end. */
function refuseOtherThanFiles(path: string): void {
  const found = statSync(path);
  if (!found.isFile()) throw new Error(`${path} is no file`);
  if (found.size > MOST_BYTES)
    throw new Error(`${path} is larger than ${String(MOST_BYTES)} bytes`);
}

/** Tells the files as they are from what they become, also while they can't be looked at. */
function signature(...files: readonly string[]): string {
  return files.map(signatureOf).join(';');
}

function signatureOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return [ino, size, mtimeMs].join();
  } catch (error) {
    return describe(error);
  }
}

function describe(error: unknown): string {
  return `can't be used: ${error instanceof Error ? error.message : String(error)}`;
}
