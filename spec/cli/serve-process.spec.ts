import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { basic } from '../support/open-auth.js';
import { until } from '../support/until.js';
import { Child, installedMain } from './child.js';

const MAIN = installedMain();

describe('kapacitor-auth serve, as a process', () => {
  let folder: string;
  let children: Child[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    children = [];
  });

  afterEach(async () => {
    for (const { process } of children) process.kill('SIGKILL');
    await Promise.all(children.map(({ exited }) => exited));
    rmSync(folder, { recursive: true });
  });

  function run(words: string, env: Record<string, string> = {}): Child {
    const child = new Child(process.execPath, [MAIN, ...words.split(' ')], { cwd: folder, env });
    children.push(child);
    return child;
  }

  /** The password of the first administrator, which is in a file since nobody sits here. */
  async function firstPassword(child: Child): Promise<string> {
    const [, file = ''] = await child.until(/the password is in (\S+): /);
    return readFileSync(file, 'utf8').trim();
  }

  /** Starts a server on a free port. */
  async function serve(words = '', env?: Record<string, string>) {
    const child = run(`serve --port 0${words}`, env);
    const [, url = ''] = await child.until(/"listening on (http:\S+), users in /);
    return { child, url };
  }

  async function status(url: string, path: string, login: [name: string, password: string]) {
    const headers = { Authorization: basic(...login) };
    return (await fetch(`${url}/kapacitor/v1/${path}`, { headers })).status;
  }

  it('starts on an empty folder, and keeps in a private file what is enough to log in', async () => {
    const { child, url } = await serve();
    const password = await firstPassword(child);
    expect(child.stderr).toContain(`curl -u admin ${url}/kapacitor/v1/whoami\n`);
    expect(statSync(join(folder, 'admin-password')).mode & 0o777).toBe(0o600);
    // Standard output may arrive after standard error.
    await child.until(/"the first password of \\"admin\\" is in \S+admin-password"/);
    expect(child.stdout).toContain(`is in ${join(folder, 'admin-password')}`);
    expect(child.output).not.toContain(password);
    expect(child.stdout).toContain(join(folder, 'kapacitor-auth.db'));
    await expect(status(url, 'whoami', ['admin', password])).resolves.toBe(200);
    await expect(status(url, 'whoami', ['admin', 'wrong'])).resolves.toBe(401);
    for (const line of child.stdout.trim().split('\n')) expect(line).toMatch(/^{"level":.*}$/);
  });

  it('keeps its users over a restart and prints no password again', async () => {
    const first = await serve();
    const password = await firstPassword(first.child);
    first.child.process.kill('SIGTERM');
    await expect(first.child.exited).resolves.toBe(0);
    const second = await serve();
    await expect(status(second.url, 'users', ['admin', password])).resolves.toBe(200);
    expect(second.child.stderr).toBe('');
  });

  it('never writes a password, a token or what they are sent as, except the first once', async () => {
    const { child, url } = await serve();
    const password = await firstPassword(child);
    await child.until(/curl.*\n/);
    const printed = child.stderr;
    const admin = { Authorization: basic('admin', password) };
    const created = { name: 'amy', password: 'amy-password', permissions: ['api'] };
    await fetch(`${url}/kapacitor/v1/users`, {
      method: 'POST',
      headers: admin,
      body: JSON.stringify(created),
    });
    await fetch(`${url}/kapacitor/v1/tasks?u=amy&p=amy-password`);
    await status(url, 'config', ['amy', 'amy-password']);
    await status(url, 'ping', ['amy', 'wrong-password']);
    await fetch(`${url}/kapacitor/v1/ping`, { headers: { Authorization: 'Bearer a-token.b.c' } });
    child.process.kill('SIGTERM');
    await child.exited;
    expect(child.stdout.match(/"msg":"request"/g)).toHaveLength(5);
    expect(child.stderr).toBe(printed);
    const secrets = [password, 'amy-password', 'wrong-password', 'a-token', '$2b$'];
    const sent = [
      admin.Authorization,
      basic('amy', 'amy-password'),
      basic('amy', 'wrong-password'),
    ];
    for (const secret of [...secrets, ...sent.map((value) => value.slice('Basic '.length))]) {
      expect(child.stdout).not.toContain(secret);
    }
  });

  it('takes the first password from KAPACITOR_ADMIN_PASSWORD and prints it nowhere', async () => {
    const env = { KAPACITOR_ADMIN_PASSWORD: 'chosen-password' };
    const { child, url } = await serve(' --store users.json', env);
    await child.until(/curl -u admin http/);
    await expect(status(url, 'whoami', ['admin', 'chosen-password'])).resolves.toBe(200);
    expect(child.output).not.toContain('chosen-password');
    expect(child.stdout).toContain(`${join(folder, 'users.json')} (file)`);
  });

  it('says that another KAPACITOR_ADMIN_PASSWORD changes nothing, and is silent about the same', async () => {
    const told = async (password: string): Promise<string> => {
      const { child, url } = await serve('', { KAPACITOR_ADMIN_PASSWORD: password });
      await expect(status(url, 'whoami', ['admin', 'first-password'])).resolves.toBe(200);
      child.process.kill('SIGTERM');
      await child.exited;
      expect(child.output).not.toContain(password);
      return child.stdout;
    };
    await told('first-password');
    expect(await told('first-password')).not.toContain('first start only');
    expect(await told('second-password')).toContain('counts for the first start only');
  });

  it('makes one administrator for two servers that start at once', async () => {
    const servers = await Promise.all([serve(), serve()]);
    // The notice comes after the line by which a server is known to have started.
    await Promise.any(servers.map(({ child }) => child.until(/the password is in (\S+): /)));
    const notices = servers.map(
      ({ child }) => /the password is in (\S+): /.exec(child.stderr)?.[1],
    );
    const [file = '', ...others] = notices.filter((path) => path !== undefined);
    expect(others).toEqual([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('admin-password'))).toEqual([
      'admin-password',
    ]);
    const password = readFileSync(file, 'utf8').trim();
    for (const { url } of servers) {
      await expect(status(url, 'whoami', ['admin', password])).resolves.toBe(200);
    }
  });

  it.each(['', ' --store users.json'])(
    'sees within a second what another terminal changes (%s)',
    async (store) => {
      const { child, url } = await serve(store, { KAPACITOR_ADMIN_PASSWORD: 'first-password' });
      await expect(status(url, 'ping', ['admin', 'first-password'])).resolves.toBe(204);
      const list = run(`users list --json${store}`);
      await expect(list.exited).resolves.toBe(0);
      expect(JSON.parse(list.stdout)).toEqual([{ name: 'admin', type: 'admin', permissions: [] }]);

      const passwd = run(`users passwd admin --password-stdin${store}`);
      passwd.process.stdin.end('second-password\n');
      await expect(passwd.exited).resolves.toBe(0);
      let old: number;
      do old = await status(url, 'ping', ['admin', 'first-password']);
      while (old === 204);
      expect(old).toBe(401);
      await expect(status(url, 'ping', ['admin', 'second-password'])).resolves.toBe(204);
      expect(child.stderr).not.toContain('Error');
    },
  );

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes a running request at %s and exits with 0',
    async (signal) => {
      const { child, url } = await serve('', { KAPACITOR_ADMIN_PASSWORD: 'a-password' });
      const body = JSON.stringify({ name: 'amy', password: 'amy-password' });
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write(
        `POST /kapacitor/v1/users HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nAuthorization: ${basic('admin', 'a-password')}\r\nContent-Length: ${String(body.length)}\r\n\r\n`,
      );
      // "100 Continue" tells that the request is running.
      await once(socket, 'data');
      child.process.kill(signal);
      await child.until(/no more requests/);
      socket.write(body);
      await expect(text(socket)).resolves.toMatch(/^HTTP\/1\.1 200 OK\r\n.*"name":"amy"/s);
      await expect(child.exited).resolves.toBe(0);
      expect(child.stdout).toContain(signal);
      await expect(fetch(url)).rejects.toThrow('fetch failed');
    },
  );

  it('exits with 1 and one line when the port is in use', async () => {
    const occupied = createServer().listen(0, '127.0.0.1');
    await once(occupied, 'listening');
    const address = occupied.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const child = run(`serve --port ${String(address.port)}`);
    await expect(child.exited).resolves.toBe(1);
    occupied.close();
    expect(child.stderr).toBe(
      `kapacitor-auth: cannot listen on 127.0.0.1, port ${String(address.port)}: the port is in use; choose another with --port\n`,
    );
    expect(child.stdout).toBe('');
  });

  it('writes nothing about a reader of its output that left', async () => {
    const script = `"${process.execPath}" "${MAIN}" --help | true`;
    const child = new Child('/bin/sh', ['-c', script], { cwd: folder });
    await expect(child.exited).resolves.toBe(0);
    expect(child.stderr).toBe('');
  });

  it('begins a new audit log at SIGHUP, and serves on', async () => {
    const { child, url } = await serve(' --audit-log audit.log');
    await status(url, 'ping', ['amy', 'wrong']);
    renameSync(join(folder, 'audit.log'), join(folder, 'audit.log.1'));
    child.process.kill('SIGHUP');
    await until('a new file is there', () => existsSync(join(folder, 'audit.log')));
    await status(url, 'ping', ['amy', 'wrong']);
    const lines = (file: string) => readFileSync(join(folder, file), 'utf8').trim().split('\n');
    expect(lines('audit.log.1').map((line) => /"event":"(\w+)"/.exec(line)?.[1])).toEqual([
      'userChanged',
      'rejected',
    ]);
    expect(lines('audit.log')).toEqual([expect.stringContaining('"event":"rejected"')]);
    child.process.kill('SIGTERM');
    await expect(child.exited).resolves.toBe(0);
    expect(child.output).not.toContain('"event"');
  });

  it('ends at SIGHUP where there is no audit log', async () => {
    const { child } = await serve();
    child.process.kill('SIGHUP');
    await expect(child.exited).resolves.toBeNull();
  });
});
