import { createSecureContext } from 'node:tls';
import type { buildConnector } from 'undici';
import { SingleFlight } from '../../single-flight.js';
import { MetaFailure } from './meta-failure.js';
import type { TlsMaterial, TlsPaths } from './tls-files.js';
import { markOf, readTlsFiles } from './tls-files.js';

type Connector = buildConnector.connector;

/** How connections to meta nodes are secured. */
export interface TlsConnectorOptions {
  readonly paths: TlsPaths;
  /** Accept any certificate of a node. */
  readonly insecureSkipVerify: boolean;
  /** Makes connections with these options. */
  readonly build: (options: buildConnector.BuildOptions) => Connector;
}

/** A connector, and what it was made of. */
interface Secured {
  readonly material: TlsMaterial;
  readonly connect: Connector;
}

/**
 * Opens secure connections with what the files hold: a certificate that was renewed on disk is used without
 * a restart, and a session made under other files is not resumed. Parsing authorities takes long, so what was made of the files is
 * kept until they change.
 */
export function tlsConnector({ paths, insecureSkipVerify, build }: TlsConnectorOptions): Connector {
  let last: Secured | undefined;
  const reading = new SingleFlight<Secured>();

  async function read(): Promise<Secured> {
    if (last !== undefined && Date.now() < last.material.expires) {
      if ((await markOf(paths)) === last.material.mark) return last;
    }
    const material = await readTlsFiles(paths);
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
