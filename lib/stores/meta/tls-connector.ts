import { createSecureContext } from 'node:tls';
import type { buildConnector } from 'undici';
import { SingleFlight } from '../../single-flight.js';
import type { TlsMaterial, TlsPaths } from '../rules/tls-files.js';
import { markOf, readTlsFiles } from '../rules/tls-files.js';
import { MetaFailure } from './meta-failure.js';

type Connector = buildConnector.connector;

/** The options of kapacitor.conf that name the files of TLS. */
export const TLS_OPTIONS: TlsPaths = {
  ca: 'auth.meta-ca',
  cert: 'auth.meta-cert',
  key: 'auth.meta-key',
};

/** Options of secure connections to meta nodes. */
export interface TlsConnectorOptions {
  readonly paths: TlsPaths;
  /** True to accept any certificate of a node. */
  readonly insecureSkipVerify: boolean;
  /** Makes connections with these options. */
  readonly build: (options: buildConnector.BuildOptions) => Connector;
}

/** A connector, and the files that it was made from. */
interface Secured {
  readonly material: TlsMaterial;
  readonly connect: Connector;
}

/**
 * Opens secure connections with the content of the files. It uses a certificate that was renewed on
 * disk without a restart, and does not resume a session made under other files. Parsing authorities
 * takes long, so the result is kept until the files change.
 */
export function tlsConnector({ paths, insecureSkipVerify, build }: TlsConnectorOptions): Connector {
  let last: Secured | undefined;
  const reading = new SingleFlight<Secured>();

  async function read(): Promise<Secured> {
    if (last !== undefined && Date.now() < last.material.expires) {
      if ((await markOf(paths)) === last.material.mark) return last;
    }
    const material = await readTlsFiles(paths, TLS_OPTIONS);
    const { ca, cert, key } = material;
    const secureContext = createSecureContext({ ca, cert, key });
    last = { material, connect: build({ secureContext, rejectUnauthorized: !insecureSkipVerify }) };
    return last;
  }

  async function connect(...[options, callback]: Parameters<Connector>): Promise<void> {
    try {
      (await reading.run('', read, 0)).connect(options, callback);
    } catch (error) {
      callback(MetaFailure.from(error, 'connection'), null);
    }
  }

  return (options, callback) => void connect(options, callback);
}
