import { get as getPlain } from 'node:http';
import type { RequestOptions } from 'node:https';
import { get as getTls } from 'node:https';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Config } from '../index.js';
import { loadConfig } from '../index.js';
import { isRecord } from '../is-record.js';
import { readPem } from '../server/pem-files.js';
import { healthAdvice } from './health-advice.js';
import { notes } from './notes.js';
import type { SourceOptions } from './source-options.js';
import { managementOptions } from './source-options.js';
import { stderrLogger } from './stderr-logger.js';
import type { Terminal } from './terminal.js';

interface HealthOptions extends SourceOptions {
  readonly url?: URL;
}

/** Milliseconds that a healthy server may take to answer. */
const PATIENCE = 5_000;

/** The default port of `serve`. */
const PORT = '9095';

const NOTES = `
Asks a running server whether users can be authenticated, for container engines and service managers. A server of this machine
that serves TLS shows the certificate of the configuration; for any other one, a certificate is verified as usual.

Examples:
  $ kapacitor-auth health
  $ kapacitor-auth health --url http://127.0.0.1:8080

Exit codes:
  0  users can be authenticated
  1  they can not, or there is no answer, or that of another server
  2  the command line could not be understood`;

export function addHealthCommand(program: Command, terminal: Terminal): void {
  program
    .command('health')
    .description('tell whether a running server can authenticate users')
    .option(
      '--url <url>',
      'of the server; else http(s)://127.0.0.1:9095, with TLS where the configuration has a certificate',
      parseUrl,
    )
    .addHelpText('after', notes(NOTES))
    .action(async (_options: unknown, command: Command) => {
      const { url, ...source } = command.optsWithGlobals<HealthOptions>();
      const config = loadConfig({ ...managementOptions(source), logger: stderrLogger(terminal) });
      const { reports } = await checkHealth(url ?? ownUrl(config), config);
      terminal.stdout.write(reports ? `pass\n${REPORTS}\n` : 'pass\n');
    });
}

function ownUrl({ gateway }: Config): URL {
  return new URL(`${gateway.tlsCert === '' ? 'http' : 'https'}://127.0.0.1:${PORT}`);
}

const REPORTS =
  'refusals are only reported there (auth.enforce = "report"): its upstream alone refuses';

/** The state of a server that can authenticate users. */
interface Health {
  /** True if what it forwards is not refused, but only reported. */
  readonly reports: boolean;
}

/** @throws Error if users can't be authenticated there */
async function checkHealth(url: URL, config: Config): Promise<Health> {
  const { origin } = url;
  try {
    const { status, body } = await ask(new URL('/health', url), config);
    if (status !== 200) throw new Error(`it answered ${String(status)}`);
    const health = readHealth(body);
    if (health === undefined) throw new Error(FOREIGN);
    return health;
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    const advice = healthAdvice(url, error);
    const text = advice === undefined ? reason : `${reason}; ${advice}`;
    throw new Error(`users can't be authenticated at ${origin}: ${text}`, { cause: error });
  }
}

const FOREIGN =
  'it answered 200, but not as kapacitor-auth does: if another server listens there, name the right one by --url';

/** Reads the answer of a server that is well; undefined if that is another one. */
function readHealth(body: string): Health | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    if (!isRecord(answer) || answer['status'] !== 'pass') return undefined;
    return { reports: answer['enforce'] === 'report' };
  } catch {
    return undefined;
  }
}

/** Characters of an answer that are read. Ours is shorter. */
const LONGEST = 1_024;

interface Answer {
  readonly status: number;
  readonly body: string;
}

function ask(url: URL, config: Config): Promise<Answer> {
  const options = { agent: false, signal: AbortSignal.timeout(PATIENCE) };
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? getTls : getPlain;
    get(url, { ...options, ...trusting(url, config) }, (response) => {
      const { statusCode: status = 0 } = response;
      let body = '';
      response.setEncoding('utf8').on('error', reject);
      response.on('data', (text: string) => {
        body += text;
        if (body.length <= LONGEST) return;
        resolve({ status, body: '' });
        response.destroy();
      });
      response.on('end', () => {
        resolve({ status, body });
      });
    }).on('error', reject);
  });
}

const OWN_HOSTS: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];

/** Trusts the configured certificate on this machine, whatever its names and whoever signed it. */
function trusting({ hostname }: URL, { gateway }: Config): RequestOptions {
  if (gateway.tlsCert === '' || !OWN_HOSTS.includes(hostname)) return {};
  return {
    ca: readPem(gateway.tlsCert),
    allowPartialTrustChain: true,
    checkServerIdentity: () => undefined,
  };
}

function parseUrl(value: string): URL {
  const isHttp = /^https?:\/\/[^/?#@\s]+\/?$/i.test(value);
  if (isHttp && URL.canParse(value)) return new URL(value);
  throw new InvalidArgumentError('it is no http:// or https:// with host and port.');
}
