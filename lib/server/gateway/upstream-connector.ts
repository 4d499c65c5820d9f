import { createSecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import type { Config } from '../../index.js';
import { ConfigError } from '../../index.js';
import { readPem } from '../pem-files.js';

type Connector = buildConnector.connector;

/** Milliseconds that connecting to the upstream may take. */
const CONNECT_TIMEOUT = 5_000;

/** Contents of the files; undefined for a file that is not set. */
interface Material {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/**
 * Opens connections to the upstream. For each connection it uses the present contents of the files
 * `upstream-ca`, `-cert` and `-key`, so a certificate that is renewed on disk needs no restart.
 *
 * @throws ConfigError if a file can't be used, a certificate lacks its key, a key its certificate,
 * or the upstream is not `https://`
 */
export function upstreamConnector(config: Config): Connector {
  const { upstreamCa, upstreamCert, upstreamKey } = config.gateway;
  if (upstreamCa === '' && upstreamCert === '' && upstreamKey === '') return connectorOf({});
  judge(config);
  let last = read(config);
  let connect = connectorOf(last);
  return (options, callback) => {
    try {
      const found = read(config);
      if (!isSame(found, last)) connect = connectorOf((last = found));
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)), null);
      return;
    }
    connect(options, callback);
  };
}

function connectorOf(material: Partial<Material>): Connector {
  return buildConnector({ ...material, timeout: CONNECT_TIMEOUT });
}

function judge({ gateway, origins }: Config): void {
  const refuse = (key: string, problem: string): never => {
    throw new ConfigError([{ key, origin: origins[key] ?? 'default', problem }]);
  };
  const { upstream, upstreamCa, upstreamCert, upstreamKey } = gateway;
  const together = 'a certificate and its key go together';
  if (upstreamCert === '' && upstreamKey !== '') {
    refuse('gateway.upstream-cert', `is not set, gateway.upstream-key is; ${together}`);
  }
  if (upstreamKey === '' && upstreamCert !== '') {
    refuse('gateway.upstream-key', `is not set, gateway.upstream-cert is; ${together}`);
  }
  if (upstream.startsWith('https:')) return;
  refuse(
    upstreamCa === '' ? 'gateway.upstream-cert' : 'gateway.upstream-ca',
    'goes with an upstream of https://',
  );
}

/** @throws ConfigError */
function read({ gateway, origins }: Config): Material {
  const pemOf = (key: string, path: string): string | undefined => {
    try {
      return path === '' ? undefined : readPem(path);
    } catch (error) {
      throw unusable(key, error);
    }
  };
  const unusable = (key: string, error: unknown): ConfigError => {
    const problem = `can't be used: ${error instanceof Error ? error.message : String(error)}`;
    return new ConfigError([{ key, origin: origins[key] ?? 'default', problem }]);
  };
  const material: Material = {
    ca: pemOf('gateway.upstream-ca', gateway.upstreamCa),
    cert: pemOf('gateway.upstream-cert', gateway.upstreamCert),
    key: pemOf('gateway.upstream-key', gateway.upstreamKey),
  };
  try {
    createSecureContext(material);
  } catch (error) {
    throw unusable(
      material.cert === undefined ? 'gateway.upstream-ca' : 'gateway.upstream-cert',
      error,
    );
  }
  return material;
}

function isSame(one: Material, other: Material): boolean {
  return one.ca === other.ca && one.cert === other.cert && one.key === other.key;
}
