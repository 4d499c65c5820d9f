import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child, installedMain } from '../cli/child.js';
import { RawConnection } from '../server/connection/raw-connection.js';
import { basic } from '../support/open-auth.js';

const MAIN = installedMain();

/** A login that is wrong in its own way. */
const wrong = (number: number): string =>
  `GET /kapacitor/v1/ping HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('admin', `no-${String(number)}`)}\r\n\r\n`;

/** More than ended a server with twice the memory, by a third. */
const FLOOD = 16_000_000;

describe('kapacitor-auth serve with 256 MB of memory', () => {
  let folder: string;
  let server: Child;
  let url: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    server = new Child(
      process.execPath,
      ['--max-old-space-size=256', MAIN, ...'serve --port 0 --log-level warn'.split(' ')],
      {
        cwd: folder,
        env: {
          KAPACITOR_ADMIN_PASSWORD: 'admin-password',
          KAPACITOR_GATEWAY_TRUSTED_PROXIES: '127.0.0.1',
        },
      },
    );
    const [, shown = ''] = await server.until(/curl -u admin (http:\S+)\/kapacitor/);
    url = shown;
  });

  afterEach(async () => {
    server.process.kill('SIGKILL');
    await server.exited;
    rmSync(folder, { recursive: true });
  });

  async function ping(): Promise<number> {
    const headers = {
      Authorization: basic('admin', 'admin-password'),
      'X-Forwarded-For': '203.0.113.7',
    };
    return (await fetch(`${url}/kapacitor/v1/ping`, { headers })).status;
  }

  it.each([true, false])(
    'outlives wrong logins without end on one connection, and serves others (answers are read: %s)',
    async (areRead) => {
      await expect(ping()).resolves.toBe(204);
      const attacker = new RawConnection(url);
      if (!areRead) attacker.socket.pause();
      let flood = '';
      for (let number = 0; flood.length < FLOOD; number++) flood += wrong(number);
      attacker.write(flood);
      for (let turn = 0; turn < 300; turn++) await expect(ping()).resolves.toBe(204);
      if (areRead) {
        const statuses = new Set(await attacker.answers(40));
        expect([...statuses].filter((status) => status !== 401 && status !== 429)).toEqual([]);
      }
      attacker.socket.destroy();
      await expect(ping()).resolves.toBe(204);
      expect(server.process.exitCode).toBeNull();
    },
    30_000,
  );
});
