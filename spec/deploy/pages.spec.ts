import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeAuthority, makeCertificate } from '../../fixtures/meta-stand-in/certificates.js';
import type { KapacitorAuthOptions } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { RecordingUpstream } from '../server/gateway/recording-upstream.js';
import { PageClient } from '../server/page-client.js';
import { WrittenLog } from '../server/written-log.js';
import { describeInstalled } from '../support/describe-installed.js';
import { freePort } from '../support/postgres.js';
import { removeFolder } from '../support/remove-folder.js';
import { untilListening } from './proxied-service.js';
import { replaceAll } from './replace-all.js';

const NAME = 'kapacitor.example';

interface Places {
  readonly port: number;
  readonly authPort: number;
  readonly folder: string;
}

/** Starts a proxy by its file, but for its places. */
type Start = (program: string, places: Places) => ChildProcess;

const read = (file: string): string =>
  readFileSync(join(__dirname, '../../fixtures/deploy', file), 'utf8');

const startNginx: Start = (nginx, { port, authPort, folder }) => {
  const site = replaceAll(read('nginx.pages.conf'), {
    'listen 443 ssl': `listen 127.0.0.1:${String(port)} ssl`,
    '/etc/nginx': folder,
    '127.0.0.1:9095': `127.0.0.1:${String(authPort)}`,
  });
  writeFileSync(join(folder, 'site.conf'), site);
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  const main = `daemon off; master_process off; pid ${folder}/nginx.pid; events {}
    http { access_log off; ${own} include ${folder}/site.conf; }`;
  writeFileSync(join(folder, 'nginx.conf'), main);
  return spawn(nginx, ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')]);
};

const startCaddy: Start = (caddy, { port, authPort, folder }) => {
  const site = replaceAll(read('Caddyfile.pages'), {
    [`${NAME} {`]: `https://${NAME}:${String(port)} {\n\tbind 127.0.0.1\n\ttls ${folder}/${NAME}.pem ${folder}/${NAME}.key`,
    '127.0.0.1:9095': `127.0.0.1:${String(authPort)}`,
  });
  // Without its administration, and without a listener at port 80.
  writeFileSync(
    join(folder, 'Caddyfile'),
    `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`,
  );
  return spawn(caddy, ['run', '--config', join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], {
    env: { HOME: folder },
  });
};

describe.each([
  ['nginx', 'nginx.pages.conf', startNginx],
  ['caddy', 'Caddyfile.pages', startCaddy],
])('by %s', (name, file, start) => {
  describeInstalled(name, `pages of a gateway behind fixtures/deploy/${file}`, (program) => {
    const folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    let upstream: RecordingUpstream;
    let server: RunningServer;
    let proxy: ChildProcess;
    let port: number;

    async function serve(gateway: KapacitorAuthOptions['gateway']): Promise<void> {
      const { cert, key } = makeCertificate(makeAuthority('an authority'), { names: [NAME] });
      writeFileSync(join(folder, `${NAME}.pem`), cert);
      writeFileSync(join(folder, `${NAME}.key`), key, { mode: 0o600 });
      upstream = await RecordingUpstream.start();
      const users = [{ name: 'root', password: 'root-password', type: 'admin' as const }];
      const options: KapacitorAuthOptions = {
        configFile: false,
        store: new MemoryUserStore(users),
        pages: { enabled: true },
        gateway: { ...gateway, upstream: upstream.url },
      };
      const { logger } = new WrittenLog();
      server = await startServer({ host: '127.0.0.1', port: 0, options, logger });
      port = await freePort();
      proxy = start(program, { port, authPort: Number(new URL(server.url).port), folder });
      await untilListening(proxy, port);
    }

    /** A browser that knows the proxy by its name. */
    const visitor = (headers: Readonly<Record<string, string>> = {}): PageClient =>
      new PageClient(`https://127.0.0.1:${String(port)}`, {
        Host: `${NAME}:${String(port)}`,
        ...headers,
      });

    afterEach(async () => {
      const exited = once(proxy, 'exit');
      proxy.kill('SIGTERM');
      await exited;
      await upstream.stop();
      await server.stop();
    });

    afterAll(() => {
      removeFolder(folder);
    });

    it('take a login over TLS, whatever a client says of itself, and forms of their own only', async () => {
      await serve({ trustedProxies: '127.0.0.1' });
      const client = visitor({ 'X-Forwarded-Proto': 'http', 'X-Forwarded-Host': 'evil.example' });
      const { headers, status } = await client.logIn('root', 'root-password');
      expect(status).toBe(303);
      expect(headers['set-cookie']).toEqual([expect.stringMatching(/^__Host-kauth=.*; Secure/)]);
      await expect(client.isLoggedIn()).resolves.toBe(true);
      const from = async (Origin: string): Promise<number> => {
        const form = { name: 'root', password: 'root-password' };
        const sent = { Origin, 'Sec-Fetch-Site': '' };
        return (await visitor().post('/admin/login', form, sent)).status;
      };
      await expect(from(`https://${NAME}:${String(port)}`)).resolves.toBe(303);
      await expect(from(`http://${NAME}:${String(port)}`)).resolves.toBe(403);
      await expect(from('https://evil.example')).resolves.toBe(403);
      expect([301, 303]).toContain((await visitor().get('/admin')).status);
      expect(upstream.seen).toEqual([]);
    });

    it('take none if the proxy is not trusted', async () => {
      await serve({});
      expect((await visitor().get('/admin/login')).status).toBe(403);
    });
  });
});
