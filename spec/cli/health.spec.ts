import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import type { Certificate } from '../../fixtures/meta-stand-in/certificates.js';
import { makeAuthority, makeCertificate } from '../../fixtures/meta-stand-in/certificates.js';
import { run } from '../../lib/cli/run.js';
import type { AuthOptions, GatewayOptions, UserSource } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { silentLog } from '../support/silent-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { MemoryTerminal } from './memory-terminal.js';

const folder = temporaryFolder();
const running: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(
  store: UserSource,
  gateway: GatewayOptions = {},
  auth: AuthOptions = {},
): Promise<string> {
  const options = { configFile: false as const, store, gateway, auth };
  const logger = silentLog();
  const server = await startServer({ host: '127.0.0.1', port: 0, options, logger });
  running.push(server);
  return server.url;
}

function files(name: string, { cert, key }: Certificate) {
  const tlsCert = join(folder, `${name}.pem`);
  const tlsKey = join(folder, `${name}.key`);
  writeFileSync(tlsCert, cert);
  writeFileSync(tlsKey, key);
  return { tlsCert, tlsKey };
}

async function health(words: readonly string[], text = '') {
  const config = join(folder, 'kapacitor.conf');
  writeFileSync(config, text);
  const terminal = new MemoryTerminal('');
  const exitCode = await run(['health', ...words, '--config', config], terminal);
  return { exitCode, stdout: terminal.stdout.text, stderr: terminal.stderr.text };
}

/** Asks a server that answers by a listener, until it has stopped. */
async function healthAt(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const answer = await health(['--url', `http://127.0.0.1:${String(port)}`]);
  server.close();
  await once(server, 'close');
  return answer;
}

describe('health', () => {
  it('is well where users can be authenticated', async () => {
    const url = await start(new MemoryUserStore());
    expect(await health(['--url', url])).toEqual({ exitCode: 0, stdout: 'pass\n', stderr: '' });
  });

  it('tells of a gateway that only reports', async () => {
    const gateway = { upstream: 'http://127.0.0.1:1', upstreamAuthenticates: true };
    const url = await start(new MemoryUserStore(), gateway, { enforce: 'report' });
    const { exitCode, stdout } = await health(['--url', url]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^pass\nrefusals are only reported there .*\n$/);
  });

  it('is not where nobody answers', async () => {
    const url = await start(new MemoryUserStore());
    await running.pop()?.stop();
    const { exitCode, stderr } = await health(['--url', url]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^kapacitor-auth: users can't be authenticated at http:\S+: .*ECONNREFUSED.*\n$/,
    );
  });

  it.each([
    ['{"status":"pass","enforce":"report"}', true],
    ['{ "status" : "pass", "enforce" : "rep\\u006frt" }\n', true],
    ['{"status":"pass"}', false],
    ['{"status":"pass","enforce":"reports"}', false],
    ['{"status":"pass","note":{"enforce":"report"}}', false],
    [`{"status":"pass","enforce":"report"${' '.repeat(988)}}`, true],
  ])('reads the answer %j as that of one that only reports: %p', async (body, isOne) => {
    const { exitCode, stdout } = await healthAt((_request, response) => response.end(body));
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^pass\n/)]);
    expect(stdout.includes('only reported')).toBe(isOne);
  });

  it.each([
    ...[
      '',
      'OK',
      'null',
      '"pass"',
      '["status","pass"]',
      '{}',
      '{"status":"ok"}',
      '{"status":"fail"}',
    ],
    ...['{"enforce":"report"}', '{"status":"pass"', '<p>{"status":"pass"}</p>'],
    `{"status":"pass"${' '.repeat(1_008)}}`,
  ])('takes the answer %j for that of another server', async (body) => {
    const { exitCode, stdout, stderr } = await healthAt((_request, response) => response.end(body));
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain('if another server listens there, name the right one by --url');
  });

  it('reads no answer without end', async () => {
    const { exitCode, stdout } = await healthAt((_request, response) => {
      const write = (): void => {
        while (response.write('{"status":"pass"}'.repeat(100)));
      };
      response.on('drain', write);
      write();
    });
    expect([exitCode, stdout]).toEqual([1, '']);
  });

  it.each([503, 404, 302])('is not where the answer is %i', async (status) => {
    const { exitCode, stderr } = await healthAt((_request, response) =>
      response.writeHead(status).end('{}'),
    );
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(`it answered ${String(status)}`),
    ]);
  });

  it('says what to do about a server that is stopped, one of TLS, one of no TLS', async () => {
    const plain = await start(new MemoryUserStore());
    const own = makeCertificate(makeAuthority('nobody knows it'), { names: ['127.0.0.1'] });
    const tls = await start(new MemoryUserStore(), files('advised', own));
    const asked = async (url: string): Promise<string> => (await health(['--url', url])).stderr;
    const [plainHost, tlsHost] = [plain, tls].map((url) => new URL(url).host);
    expect(await asked(`http://${tlsHost ?? ''}`)).toContain(
      `; if it serves TLS, say --url https://${tlsHost ?? ''}\n`,
    );
    expect(await asked(tls)).toMatch(/; name its certificate .* or its authority by NODE_EXTRA_/);
    expect(await asked(`https://${plainHost ?? ''}`)).toContain(
      `; if it serves no TLS, say --url http://${plainHost ?? ''}\n`,
    );
    await running.shift()?.stop();
    expect(await asked(plain)).toContain('; no server listens there: start it, or name its');
  });

  it('asks by TLS where the configuration has a certificate, whatever name is in it', async () => {
    const own = makeCertificate(makeAuthority('nobody knows it'), { names: ['gw.example'] });
    const identity = files('own', own);
    const url = await start(new MemoryUserStore(), identity);
    const text = `[gateway]\ntls-cert = "${identity.tlsCert}"\ntls-key = "${identity.tlsKey}"\n`;
    await expect(health(['--url', url], text)).resolves.toMatchObject({ exitCode: 0 });
    const { stderr } = await health([], text);
    expect(stderr).toContain('https://127.0.0.1:9095');
  });

  it('believes no other certificate', async () => {
    const authority = makeAuthority('nobody knows it');
    const [shown, configured] = ['shown', 'configured'].map((name) =>
      files(name, makeCertificate(authority, { names: ['127.0.0.1'] })),
    );
    const url = await start(new MemoryUserStore(), shown);
    const text = `[gateway]\ntls-cert = "${configured?.tlsCert ?? ''}"\n`;
    await expect(health(['--url', url], text)).resolves.toMatchObject({ exitCode: 1 });
    await expect(health(['--url', url])).resolves.toMatchObject({ exitCode: 1 });
  });

  it.each(['127.0.0.1:9095', 'ftp://x', 'http://u:p@x', 'http://x/path'])(
    'takes no address such as %s',
    async (url) => {
      const { exitCode, stderr } = await health(['--url', url]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('--url <url>');
    },
  );
});
