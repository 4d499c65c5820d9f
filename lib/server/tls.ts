import type { Config, Logger } from '../index.js';
import { signatureOf } from './pem-files.js';
import type { FileProblem, NamedFile, TlsIdentity } from './tls-pair.js';
import { isHalfSet, readPair, unusableFiles } from './tls-pair.js';

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
  const { cert, key } = filesOf(config);
  const isHalf = isHalfSet(cert, key, problems, ', as --tls-cert and --tls-key');
  const identity = isHalf ? undefined : readPair(cert, key, problems);
  if (identity !== undefined) return identity;
  throw unusableFiles(problems, config);
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
  const { cert, key } = filesOf(config);
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
      const identity = readPair(cert, key, problems);
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

function filesOf({ gateway }: Config): { readonly cert: NamedFile; readonly key: NamedFile } {
  return {
    cert: { key: 'gateway.tls-cert', path: gateway.tlsCert },
    key: { key: 'gateway.tls-key', path: gateway.tlsKey },
  };
}
