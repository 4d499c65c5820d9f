import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { makeAuthority, makeCertificate } from '../../../fixtures/meta-stand-in/certificates.js';
import { Child, installedMain } from '../../cli/child.js';
import { until } from '../../support/until.js';
import { ADMIN, Served } from './served.js';

let served: Served;

beforeEach(() => {
  served = new Served();
});

afterEach(async () => {
  await served.end();
});

/** The Kapacitor behind a gateway: it answers when it is told to. */
async function startUpstream() {
  const waiting: ServerResponse[] = [];
  const upstream = createServer((request, response) => {
    if (request.url?.includes('slow') === true) waiting.push(response);
    else response.end('from upstream');
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  const end = (): void => {
    upstream.closeAllConnections();
    upstream.close();
  };
  return { url: `http://127.0.0.1:${String(port)}`, waiting, end };
}

describe('a server of several workers', () => {
  it('is a gateway, in which a change holds in all workers at once', async () => {
    const upstream = await startUpstream();
    try {
      await served.start(`--workers 3 --upstream ${upstream.url}`);
      const agents = served.connections(6);
      const tasks = (login: readonly [string, string]) =>
        Promise.all(agents.map((agent) => served.send({ login, agent, path: 'tasks' })));
      const amy = { name: 'amy', password: 'amy-password', permissions: ['api'] };
      await served.change('POST', 'users', amy);
      const answers = await tasks(['amy', 'amy-password']);
      expect(answers).toEqual(answers.map(() => ({ status: 200, body: 'from upstream' })));
      await served.change('DELETE', 'users/amy', undefined, agents[1]);
      const later = await tasks(['amy', 'amy-password']);
      expect(new Set(later.map(({ status }) => status))).toEqual(new Set([401]));
    } finally {
      upstream.end();
    }
  });

  it('only reports in all workers, if it is a gateway that does', async () => {
    const upstream = await startUpstream();
    try {
      await served.start(`--workers 2 --upstream ${upstream.url}`, {
        KAPACITOR_AUTH_ENFORCE: 'report',
        KAPACITOR_GATEWAY_UPSTREAM_AUTHENTICATES: 'true',
        KAPACITOR_METRICS_ENDPOINT: 'open',
      });
      const agents = served.connections(4);
      const login = ['nobody', 'wrong'] as const;
      const ask = (path: string) =>
        Promise.all(agents.map((agent) => served.send({ login, agent, path })));
      const passed = await ask('tasks');
      expect(passed).toEqual(agents.map(() => ({ status: 200, body: 'from upstream' })));
      const refused = await ask('users');
      expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([401]));
      const body = '{"status":"pass","enforce":"report"}';
      const health = await ask('/health');
      expect(health.map((each) => each.body.trim())).toEqual(agents.map(() => body));
      const reported = /^kapacitor_auth_reported_total{[^}]*ERR_KAUTH_FAILED[^}]*} 4$/m;
      const metrics = async () => (await served.send({ path: '/metrics' })).body;
      await until('all four are reported', async () => reported.test(await metrics()));
      expect(served.child.stdout.match(/WRN_KAUTH_REPORT_ONLY/g)).toHaveLength(1);
      expect(served.child.stdout.match(/"reported":true/g)).toHaveLength(4);
    } finally {
      upstream.end();
    }
  });

  it('answers what runs when its first process is killed', async () => {
    const upstream = await startUpstream();
    try {
      await served.start(`--workers 2 --upstream ${upstream.url}`);
      const sent = [0, 1, 2, 3].map(() => served.sendOnce({ login: ADMIN, path: 'tasks/slow' }));
      await until('all are passed on', () => upstream.waiting.length >= sent.length);
      served.child.process.kill('SIGKILL');
      await once(served.child.process, 'exit');
      for (const response of upstream.waiting) response.end('late');
      expect(await Promise.all(sent)).toEqual(sent.map(() => ({ status: 200, body: 'late' })));
    } finally {
      upstream.end();
    }
  });

  it('waits longer and longer before it replaces a worker that ends again and again', async () => {
    await served.start('--workers 2');
    const stays = served.anyWorker();
    for (const pause of [100, 200, 400]) {
      const others = () => served.workers.filter((pid) => pid !== stays);
      await until('another worker is there', () => others().length > 0);
      for (const pid of others()) process.kill(pid, 'SIGKILL');
      await served.child.until(new RegExp(`another one starts in ${String(pause)} ms`));
    }
    expect(served.workers).toContain(stays);
    await expect(served.status(ADMIN)).resolves.toBe(204);
  });

  it('shows a renewed certificate in all workers', async () => {
    const authority = makeAuthority('an authority');
    const write = (name: string, text: string): void => {
      writeFileSync(join(served.folder, `${name}.new`), text);
      renameSync(join(served.folder, `${name}.new`), join(served.folder, name));
    };
    const renew = (): void => {
      const { cert, key } = makeCertificate(authority, { names: ['127.0.0.1'] });
      write('key.pem', key);
      write('cert.pem', cert);
    };
    renew();
    await served.start('--workers 3 --tls-cert cert.pem --tls-key key.pem');
    const shown = async (): Promise<string> => {
      const socket = connect(Number(new URL(served.url).port), '127.0.0.1', {
        rejectUnauthorized: false,
      });
      await once(socket, 'secureConnect');
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    // The server hands each new connection to the next worker.
    const ofAll = async () => [await shown(), await shown(), await shown()];
    const [before] = await ofAll();
    expect(new Set(await ofAll())).toEqual(new Set([before]));
    renew();
    let now = await ofAll();
    await until('all show the new certificate', async () => {
      now = await ofAll();
      return !now.includes(String(before));
    });
    expect(new Set(now).size).toBe(1);
  });
});

/** The start by pm2 in its cluster mode: it runs the command line as a worker of its own. */
const CLUSTER = `
const cluster = require('node:cluster');
cluster.setupPrimary({ exec: process.argv[2], args: process.argv.slice(3) });
cluster.fork().once('exit', (code) => process.exit(code));
`;

it('--workers is refused in a worker of another cluster, with the way out', async () => {
  const program = join(served.folder, 'cluster.cjs');
  writeFileSync(program, CLUSTER);
  const words = [program, installedMain(), 'serve', '--port', '0', '--workers', '2'];
  const child = new Child(process.execPath, words, { cwd: served.folder });
  await expect(child.exited).resolves.toBe(1);
  expect(child.stderr).toMatch(
    /a worker of another cluster, such as of pm2: start it as a single process \(pm2: fork mode\)/,
  );
  expect(child.stdout).not.toContain('listening');
});
