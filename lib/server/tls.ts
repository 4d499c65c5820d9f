import type { Config, Logger } from '../index.js';
import { ConfigError } from '../index.js';
import { signatureOf } from './pem-files.js';
import type { FileProblem, TlsIdentity } from './tls-pair.js';
import { readPair } from './tls-pair.js';

/** Milliseconds between two looks at the files. */
const INTERVAL = 1_000;

/**
 * Reads the certificate and key of the server.
 *
 * @returns undefined if it serves without TLS
 * @throws ConfigError if one is missing, can't be read, or does not fit the other
 */
export function readTls(config: Config): TlsIdentity | undefined {
  const { tlsCert, tlsKey } = config.gateway;
  if (tlsCert === '' && tlsKey === '') return undefined;
  const problems: FileProblem[] = [];
  const identity = isHalfSet(config, problems) ? undefined : read(config, problems);
  if (identity !== undefined) return identity;
  const { origins } = config;
  throw new ConfigError(
    problems.map(({ key, problem }) => ({ key, origin: origins[key] ?? 'default', problem })),
  );
}

function isHalfSet({ gateway: { tlsCert, tlsKey } }: Config, problems: FileProblem[]): boolean {
  const refuse = (key: string, other: string): void => {
    const together = 'a certificate and its key go together, as --tls-cert and --tls-key';
    problems.push({ key, problem: `is not set, ${other} is; ${together}` });
  };
  if (tlsCert === '') refuse('gateway.tls-cert', 'gateway.tls-key');
  if (tlsKey === '') refuse('gateway.tls-key', 'gateway.tls-cert');
  return problems.length > 0;
}

/**
 * Looks for a new certificate and key once a second, and hands them over. It logs a pair that can't
 * be used, and the server keeps the one that it has.
 *
 * @returns a function that ends the watch
 */
export function watchTls(
  config: Config,
  logger: Logger,
  use: (identity: TlsIdentity) => void,
): () => void {
  const { tlsCert, tlsKey } = config.gateway;
  let seen = signatureOf([tlsCert, tlsKey]);
  const timer = setInterval(() => {
    const stays = (why: string): void => {
      logger.error(`the certificate ${tlsCert} stays as it was: ${why}`);
    };
    // Whatever happens to the files, the server goes on with what it has.
    try {
      const found = signatureOf([tlsCert, tlsKey]);
      if (found === seen) return;
      seen = found;
      const problems: FileProblem[] = [];
      const identity = read(config, problems);
      if (identity === undefined) {
        stays(problems.map(({ problem }) => problem).join('; '));
        return;
      }
      use(identity);
      logger.info(`the certificate ${tlsCert} was read again`);
    } catch (error) {
      stays(error instanceof Error ? error.message : String(error));
    }
  }, INTERVAL).unref();
  return () => {
    clearInterval(timer);
  };
}

function read({ gateway }: Config, problems: FileProblem[]): TlsIdentity | undefined {
  const cert = { key: 'gateway.tls-cert', path: gateway.tlsCert };
  return readPair(cert, { key: 'gateway.tls-key', path: gateway.tlsKey }, problems);
}
