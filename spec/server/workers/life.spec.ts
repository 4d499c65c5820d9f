import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until } from '../../support/until.js';
import { ADMIN, Served } from './served.js';

let served: Served;

beforeEach(() => {
  served = new Served();
});

afterEach(async () => {
  await served.end();
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Returns true for a process that a signal stopped, as Linux tells it. */
function isStopped(pid: number): boolean {
  return readFileSync(`/proc/${String(pid)}/stat`, 'utf8').includes(') T ');
}

async function untilGone(pids: readonly number[]): Promise<void> {
  await until(`none of ${pids.join(', ')} lives`, () => !pids.some(isAlive));
}

describe('a server of several workers', () => {
  it('says once that it starts, and makes one administrator', async () => {
    writeFileSync(join(served.folder, 'kapacitor.conf'), '[auth]\n  cache-expiration = "0s"\n');
    await served.start('--workers 4 --config kapacitor.conf');
    expect(served.workers).toHaveLength(4);
    const { stdout, stderr } = served.child;
    expect(stdout.match(/listening on/g)).toHaveLength(1);
    expect(stdout.match(/WRN_KAUTH_NO_CACHE/g)).toHaveLength(1);
    expect(stdout.match(/"change":"created"/g)).toHaveLength(1);
    await served.child.until(/the administrator "admin" was made/);
    expect(stderr.match(/was made/g) ?? []).not.toHaveLength(2);
    for (const agent of served.connections(4))
      await expect(served.status(ADMIN, agent)).resolves.toBe(204);
  });

  it.each([
    ['an unknown value', '', { KAPACITOR_AUTH_BCRYPT_COST: 'many' }, /bcrypt-cost/],
    ['users in memory', ' --store :memory:', {}, /users in memory belong to one process/],
    ['no certificate', ' --tls-cert no.pem --tls-key no.key', {}, /no\.pem/],
    ['no audit log', ' --audit-log no/audit.log', {}, /audit/],
    ['no folder for the users', ' --store no/users.db', {}, /no\/users\.db/],
  ])('does not start with %s, and says so once', async (_, words, env, problem) => {
    const child = served.run(`serve --port 0 --workers 3${words}`, env);
    await expect(child.exited).resolves.toBe(1);
    expect(child.stderr).toMatch(problem);
    expect(child.stderr.match(/kapacitor-auth: /g)).toHaveLength(1);
    expect(child.stdout).not.toContain('listening');
  });

  it('does not start on a port in use, and makes no users then', async () => {
    const occupied = createServer().listen(0, '127.0.0.1');
    await once(occupied, 'listening');
    const address = occupied.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const child = served.run(`serve --workers 3 --port ${String(address.port)}`);
    await expect(child.exited).resolves.toBe(1);
    occupied.close();
    expect(child.stderr).toBe(
      `kapacitor-auth: cannot listen on 127.0.0.1, port ${String(address.port)}: the port is in use; choose another with --port\n`,
    );
    expect(readdirSync(served.folder)).toEqual([]);
  });

  it.each(['0', '-1', '2.5', 'many', '257', ''])('refuses "%s" workers', async (workers) => {
    const child = served.run(`serve --port 0 --workers=${workers}`);
    await expect(child.exited).resolves.toBe(1);
    expect(child.stderr).toContain('it is a number from 1 to 256, or auto');
  });

  it('goes on when a worker is killed, and replaces it on the same port', async () => {
    await served.start();
    const agents = served.connections(6);
    await Promise.all(agents.map((agent) => served.status(ADMIN, agent)));
    const killed = served.anyWorker();
    const others = served.workers.filter((pid) => pid !== killed);
    process.kill(killed, 'SIGKILL');
    await served.child.until(/a worker ended \(SIGKILL\); another one starts in 100 ms/);
    await served.child.until(/another one starts in 100 ms[^]*"msg":"a new worker has started"/);
    for (const agent of agents) await expect(served.status(ADMIN, agent)).resolves.toBe(204);
    await until('there are three workers', () => served.workers.length >= 3);
    expect(served.workers).toEqual(expect.arrayContaining(others));
    expect(served.child.stdout).toContain(
      `"worker":${String(killed)},"code":null,"signal":"SIGKILL"`,
    );
  });

  it('warns when a worker that is replaced reads another configuration, be it a secret', async () => {
    const file = join(served.folder, 'kapacitor.conf');
    const configured = (secret: string) => `[http]\n  shared-secret = "${secret.repeat(40)}"\n`;
    const replace = async (count: number) => {
      const pid = served.anyWorker();
      process.kill(pid, 'SIGKILL');
      await served.child.until(RegExp(`(a worker ended[^]*){${String(count)}}`));
      const isReplaced = () => !served.workers.includes(pid) && served.workers.length >= 2;
      await until(`the worker ${String(pid)} is replaced`, isReplaced);
    };
    writeFileSync(file, configured('a'));
    await served.start('--workers 2 --config kapacitor.conf');
    writeFileSync(file, `# a line more\n${configured('a')}`);
    await replace(1);
    expect(served.child.stdout).not.toContain('the configuration was changed');
    writeFileSync(file, configured('b'));
    await replace(2);
    await served.child.until(/"level":40[^\n]*the configuration was changed since the start: /);
  });

  it('comes back on its port when all workers are killed', async () => {
    await served.start('--workers 2');
    for (const pid of served.workers) process.kill(pid, 'SIGKILL');
    await served.child.until(/another one starts[^]*another one starts/);
    await expect(served.status(ADMIN)).resolves.toBe(204);
  });

  it('breaks the connection that a stopped worker was handed, when that is killed', async () => {
    await served.start('--workers 2');
    const stopped = served.anyWorker();
    process.kill(stopped, 'SIGSTOP');
    await until('the worker stands still', () => isStopped(stopped));
    const answers: number[] = [];
    const broken: unknown[] = [];
    const sent = Array.from({ length: 6 }, () =>
      served.sendOnce({ login: ADMIN }).then(
        ({ status }) => answers.push(status),
        (error: unknown) => broken.push(error),
      ),
    );
    // The other worker answers all but the one connection that the stopped one was handed.
    await until('five are answered', () => answers.length >= 5);
    expect(broken).toEqual([]);
    process.kill(stopped, 'SIGKILL');
    await Promise.all(sent);
    expect(answers).toEqual([204, 204, 204, 204, 204]);
    expect(broken).toHaveLength(1);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'answers what runs at %s, though the signal reaches the workers too',
    async (signal) => {
      await served.start();
      const [first = 0] = served.workers;
      expect(first).toBeGreaterThan(0);
      let answered = 0;
      const broken: { readonly error: unknown; readonly isEnding: boolean }[] = [];
      const ending = new AbortController();
      const client = async (): Promise<void> => {
        while (!ending.signal.aborted) {
          try {
            await served.sendOnce({ login: ADMIN });
            answered += 1;
          } catch (error) {
            broken.push({ error, isEnding: ending.signal.aborted });
          }
        }
      };
      const clients = Array.from({ length: 8 }, client);
      await until('50 requests are answered', () => answered >= 50);
      const { workers } = served;
      ending.abort();
      for (const pid of workers) process.kill(pid, signal);
      served.child.process.kill(signal);
      await expect(served.child.exited).resolves.toBe(0);
      await Promise.all(clients);
      // At the end, a connection that nobody took is refused; no request that was taken is lost.
      expect(broken.filter(({ isEnding }) => !isEnding)).toEqual([]);
      expect(served.child.stdout).not.toContain('"aborted"');
      expect(served.child.stdout).toMatch(/"msg":"stopped"\}\n$/);
      await untilGone(workers);
    },
  );

  it('ends its workers when the first process is killed', async () => {
    await served.start();
    const { workers } = served;
    served.child.process.kill('SIGKILL');
    await served.child.exited;
    await untilGone(workers);
  });
});
