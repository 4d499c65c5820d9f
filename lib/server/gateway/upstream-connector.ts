import { buildConnector } from 'undici';
import type { Config } from '../../index.js';
import { readBoundedFile } from '../../index.js';
import type { FileProblem, NamedFile } from '../tls-pair.js';
import { isHalfSet, readAuthorities, readPair, unusableFiles } from '../tls-pair.js';

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
      if (!holds(config, last)) connect = connectorOf((last = read(config)));
    } catch (error) {
      // A file that goes bad meanwhile is a failure of the upstream: 502, not 500.
      callback(new Error(error instanceof Error ? error.message : String(error)), null);
      return;
    }
    connect(options, callback);
  };
}

function connectorOf(material: Partial<Material>): Connector {
  return buildConnector({ ...material, timeout: CONNECT_TIMEOUT });
}

/** @throws ConfigError if half of a pair is missing, or the upstream is not `https://` */
function judge(config: Config): void {
  const { upstream, upstreamCa } = config.gateway;
  const { cert, key } = filesOf(config);
  const problems: FileProblem[] = [];
  if (!isHalfSet(cert, key, problems) && !upstream.startsWith('https:')) {
    const unused = upstreamCa === '' ? 'gateway.upstream-cert' : 'gateway.upstream-ca';
    problems.push({ key: unused, problem: 'goes with an upstream of https://' });
  }
  if (problems.length > 0) throw unusableFiles(problems, config);
}

/** @throws ConfigError */
function read(config: Config): Material {
  const problems: FileProblem[] = [];
  const { authorities, cert, key } = filesOf(config);
  const ca = authorities.path === '' ? undefined : readAuthorities(authorities, problems);
  const own = cert.path === '' ? undefined : readPair(cert, key, problems);
  if (problems.length === 0) return { ca, cert: own?.cert, key: own?.key };
  throw unusableFiles(problems, config);
}

function filesOf({ gateway }: Config): Readonly<Record<'authorities' | 'cert' | 'key', NamedFile>> {
  return {
    authorities: { key: 'gateway.upstream-ca', path: gateway.upstreamCa },
    cert: { key: 'gateway.upstream-cert', path: gateway.upstreamCert },
    key: { key: 'gateway.upstream-key', path: gateway.upstreamKey },
  };
}

/** True if the files still hold this: then it was checked before. */
function holds({ gateway }: Config, { ca, cert, key }: Material): boolean {
  const { upstreamCa, upstreamCert, upstreamKey } = gateway;
  return (
    contentOf(upstreamCa) === ca &&
    contentOf(upstreamCert) === cert &&
    contentOf(upstreamKey) === key
  );
}

/** The content of a file; undefined if none is set, or if it can't be read. */
function contentOf(path: string): string | undefined {
  const content = path === '' ? undefined : readBoundedFile(path);
  return Buffer.isBuffer(content) ? content.toString() : undefined;
}
