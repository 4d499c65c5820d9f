import type { buildConnector } from 'undici';
import { MetaFailure } from './meta-failure.js';
import { readTlsFiles } from './tls-files.js';
import type { TlsMaterial, TlsPaths } from './tls-files.js';

type Connector = buildConnector.connector;

/** How connections to meta nodes are secured. */
export interface TlsConnectorOptions {
  readonly paths: TlsPaths;
  /** Accept any certificate of a node. */
  readonly insecureSkipVerify: boolean;
  /** Makes connections with these options. */
  readonly build: (options: buildConnector.BuildOptions) => Connector;
}

/**
 * Opens secure connections, each with what the files hold then: a certificate that was renewed on disk is used without
 * a restart, and a session made under other files is not resumed. Connections are kept open, so this is rare.
 */
export function tlsConnector({ paths, insecureSkipVerify, build }: TlsConnectorOptions): Connector {
  let last: { readonly material: TlsMaterial; readonly connect: Connector } | undefined;

  async function currentConnector(): Promise<Connector> {
    const material = await readTlsFiles(paths);
    if (last === undefined || !isSame(material, last.material)) {
      last = { material, connect: build({ ...material, rejectUnauthorized: !insecureSkipVerify }) };
    }
    return last.connect;
  }

  async function connect(...[options, callback]: Parameters<Connector>): Promise<void> {
    try {
      (await currentConnector())(options, callback);
    } catch (error) {
      callback(MetaFailure.from(error), null);
    }
  }

  return (options, callback) => void connect(options, callback);
}

function isSame(one: TlsMaterial, other: TlsMaterial): boolean {
  return one.ca === other.ca && one.cert === other.cert && one.key === other.key;
}
