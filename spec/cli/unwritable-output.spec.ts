import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RawConnection } from '../server/connection/raw-connection.js';
import { basic } from '../support/open-auth.js';
import { until } from '../support/until.js';
import { Child, installedMain } from './child.js';

const MAIN = installedMain();
const QUOTED = `"${process.execPath}" "${MAIN}"`;

describe('output that can not be written', () => {
  let folder: string;
  const children: Child[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    const added = shell(
      `echo pw-of-admin | ${QUOTED} users add admin --type admin --password-stdin`,
    );
    await expect(added.exited).resolves.toBe(0);
  });

  afterEach(async () => {
    for (const { process } of children) process.kill('SIGKILL');
    await Promise.all(children.splice(0).map(({ exited }) => exited));
    rmSync(folder, { recursive: true });
  });

  function shell(script: string, env: Record<string, string> = {}): Child {
    const child = new Child('/bin/sh', ['-c', script], { cwd: folder, env });
    children.push(child);
    return child;
  }

  async function outcome(script: string) {
    const child = shell(script);
    return { exitCode: await child.exited, stderr: child.stderr };
  }

  it.each(['users list', 'users export', 'config check', '--help'])(
    'is a line and exit 1, of "%s" on a full disk',
    async (words) => {
      await expect(outcome(`${QUOTED} ${words} > /dev/full`)).resolves.toEqual({
        exitCode: 1,
        stderr: expect.stringMatching(/kapacitor-auth: the output could not be written: ENOSPC\n$/),
      });
    },
  );

  it.each(['users list', 'users export'])(
    'is nothing where its reader left, of "%s"',
    async (words) => {
      const script = `(sleep 0.3; ${QUOTED} ${words}; echo "exit $?" >&2) | true`;
      const { stderr } = await outcome(script);
      expect(stderr).toBe('exit 0\n');
    },
  );

  it.each([
    ['a full disk', '> /dev/full', 'ENOSPC'],
    ['nobody', '| true', 'EPIPE'],
  ])('grants no token: %s', async (_name, where, reason) => {
    const granting = `(sleep 0.3; ${QUOTED} subscriptions grant --db telegraf; echo "exit $?" >&2)`;
    const { stderr } = await outcome(`${granting} ${where}`);
    expect(stderr).toContain(`kapacitor-auth: the output could not be written: ${reason}\n`);
    expect(stderr).toMatch(/exit 1\n$/);
    const list = shell(`${QUOTED} subscriptions list --json`);
    await list.exited;
    expect(JSON.parse(list.stdout)).toEqual([]);
  });

  const login = { headers: { Authorization: basic('admin', 'pw-of-admin') } };

  async function lostLines(url: string): Promise<number> {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const [, count] = /log_lines_lost_total\{log="server"\} (\d+)/.exec(metrics) ?? [];
    return Number(count);
  }

  it('does not end a server on a full disk, which says so once', async () => {
    const words = '--port 0 --store other.db --audit-log /dev/full';
    const server = shell(`exec ${QUOTED} serve ${words} > /dev/full`, {
      KAPACITOR_METRICS_ENDPOINT: 'open',
      KAPACITOR_ADMIN_PASSWORD: 'pw-of-admin',
    });
    // The log would tell it.
    const [, url = ''] = await server.until(/curl -u admin (http:\S+)\/kapacitor/);
    for (let turn = 0; turn < 5; turn++) {
      expect((await fetch(`${url}/kapacitor/v1/ping`, login)).status).toBe(204);
      expect((await fetch(`${url}/kapacitor/v1/ping`)).status).toBe(401);
    }
    // Some lines still wait for those that follow.
    await until('each line is counted', async () => (await lostLines(url)) >= 10);
    server.process.kill('SIGTERM');
    await expect(server.exited).resolves.toBe(0);
    expect(server.stderr.match(/.*loses lines.*/g)?.sort()).toEqual([
      'kapacitor-auth: the audit log loses lines: ENOSPC',
      'kapacitor-auth: the log loses lines: ENOSPC',
    ]);
  });

  it.each(['stdout', 'stderr'] as const)(
    'does not end a server whose %s nobody reads',
    async (name) => {
      const server = shell(`exec ${QUOTED} serve --port 0`, { KAPACITOR_METRICS_ENDPOINT: 'open' });
      const [, url = ''] = await server.until(/"listening on (http:\S+), users in /);
      server.process[name].destroy();
      for (let turn = 0; turn < 5; turn++) {
        expect((await fetch(`${url}/kapacitor/v1/ping`, login)).status).toBe(204);
      }
      if (name === 'stdout') {
        await server.until(/the log loses lines: EPIPE/);
        await until('each line is counted', async () => (await lostLines(url)) >= 4);
      }
      server.process.kill('SIGTERM');
      await expect(server.exited).resolves.toBe(0);
    },
  );

  it('does not keep a server from its end whose log nobody reads on', async () => {
    const script = [
      'mkfifo log',
      'sleep 20 < log > reader 2>&1 &',
      `exec ${QUOTED} serve --port 0 --store other.db > log`,
    ].join('\n');
    const server = shell(script, { KAPACITOR_ADMIN_PASSWORD: 'pw-of-admin' });
    const [, url = ''] = await server.until(/curl -u admin (http:\S+)\/kapacitor/);
    const connection = new RawConnection(url);
    // A pipe holds 64 KiB.
    connection.write('GET /kapacitor/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000));
    await connection.answers(1000);
    connection.socket.destroy();
    server.process.kill('SIGTERM');
    await expect(server.exited).resolves.toBe(0);
  });
});
