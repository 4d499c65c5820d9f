import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import { z } from 'zod';
import { makeAuthority, makeCertificate } from '../../fixtures/meta-stand-in/certificates.js';
import { askBackup } from '../../lib/cli/users/ask-backup.js';
import { REFERENCE } from '../kapacitor-db/samples.js';
import { basic } from '../support/open-auth.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { Child, installedMain } from './child.js';
import { CommandLine } from './command-line.js';

const DATABASE = readFileSync(join(REFERENCE, 'kapacitor.db'));
const BACKUP = '/kapacitor/v1/storage/backup';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Starts a server and returns its address without the scheme. */
async function listen(server: Server): Promise<string> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${String(z.object({ port: z.number() }).parse(server.address()).port)}`;
}

/** Starts a server that answers as given, and keeps the requests that it got. */
async function standIn(answer: RequestListener): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  return { url: `http://${await listen(server)}`, seen };
}

/** Answers as Kapacitor does, to its administrator only. */
const kapacitor: RequestListener = ({ url, headers: { authorization } }, response) => {
  if (url !== BACKUP) {
    response.writeHead(404).end();
  } else if (authorization !== basic('root', 'rootpw')) {
    response.writeHead(401).end('{"error":"authorization failed"}');
  } else {
    response.setHeader('Content-Type', 'application/octet-stream');
    response.setHeader('Content-Length', DATABASE.length).end(DATABASE);
  }
};

describe('users import --from', () => {
  let line: CommandLine;

  beforeEach(() => {
    line = new CommandLine();
  });

  afterEach(() => {
    line.remove();
  });

  const AS_ROOT = '--user root --password-stdin';

  it('asks a Kapacitor for its backup, with the credentials of an administrator', async () => {
    const { url, seen } = await standIn(kapacitor);
    const words = `users import --from ${url} ${AS_ROOT}`;
    const { exitCode, stdout, stderr } = await line.run(words, 'rootpw\n');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`added 9 users to ${line.store} (sqlite): root, Zoë@ex.com`);
    expect(stdout).not.toContain('rootpw');
    expect(seen.map(({ method, url: target }) => [method, target])).toEqual([['GET', BACKUP]]);
    await expect(line.logsIn('Zoë@ex.com', 'pä:ss:wörd')).resolves.toBe(true);
  });

  it('sends no credentials if none are given, as to a Kapacitor that asks for none', async () => {
    const { url, seen } = await standIn((_request, response) => response.end(DATABASE));
    const { exitCode, stdout } = await line.run(`users import --from ${url}/ --dry-run`);
    expect([exitCode, stdout.includes('would have added 9 users')]).toEqual([0, true]);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  const status =
    (code: number, headers = {}): RequestListener =>
    (_request, response) =>
      response.writeHead(code, headers).end('{"error":"no"}');

  it.each<[string, RequestListener, string]>([
    [
      'refuses the password',
      status(401),
      'it refuses "root" (401): name or password is wrong there',
    ],
    [
      'forbids it',
      status(403),
      'it forbids "root" the backup (403): say --user NAME, an administrator',
    ],
    ['is too old to have backups', status(404), 'it has no /kapacitor/v1/storage/backup (404)'],
    ['fails', status(500), 'it answered 500'],
    [
      'sends elsewhere',
      status(307, { Location: 'http://127.0.0.1:1/' }),
      'it redirects (307), which is not followed with a password',
    ],
    [
      'is none',
      (_request, response) => response.end('<html>'),
      'its answer is no database of Kapacitor',
    ],
    [
      'speaks of something else from here on',
      ({ socket }) =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
      'it answered 101',
    ],
    [
      'says nothing',
      (_request, response) => response.end(),
      'its answer is no database of Kapacitor',
    ],
    [
      'breaks off',
      (_request, response) => {
        response.setHeader('Content-Length', DATABASE.length);
        response.write(DATABASE.subarray(0, 10_000), () => response.destroy());
      },
      'gave no backup: aborted; it ended too early',
    ],
    [
      'breaks off without having said how long it is',
      (_request, response) => {
        response.write(DATABASE.subarray(0, 10_000), () => response.destroy());
      },
      'gave no backup: aborted; it ended too early',
    ],
    [
      'has too much',
      (_request, response) => {
        response.setHeader('Content-Length', 2 ** 40);
        response.write(DATABASE);
      },
      'it is larger than 536870912 bytes: let "kapacitor backup FILE" write it to a file',
    ],
    [
      'gives a damaged one',
      (_request, response) => response.end(Buffer.from(DATABASE).fill(0xa5, 8192)),
      "can't be read as a database of Kapacitor",
    ],
  ])('imports nothing of a Kapacitor that %s, and says why', async (_what, answer, told) => {
    const { url } = await standIn(answer);
    const words = `users import --from ${url} ${AS_ROOT}`;
    const { exitCode, stdout, stderr } = await line.run(words, 'typed-password\n');
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(told);
    expect(stderr).toContain(url);
    expect(stderr).not.toContain('typed-password');
    await expect(line.run('users list')).resolves.toMatchObject({ exitCode: 1 });
  });

  it('says to whoever sent no credentials that they are asked for', async () => {
    const { url } = await standIn(kapacitor);
    const { stderr } = await line.run(`users import --from ${url}`);
    expect(stderr).toContain('it asks for credentials (401): say --user NAME, an administrator');
  });

  it.each([
    ['http://root:s3cret-pw@127.0.0.1:9092', 'no name and password in the address'],
    ['http://127.0.0.1:9092/kapacitor?p=s3cret-pw', 'host and port, and no more'],
    ['127.0.0.1:9092', 'host and port, and no more'],
    ['ftp://127.0.0.1', 'host and port, and no more'],
    ['http://', 'host and port, and no more'],
  ])('refuses the address %s without showing it', async (address, told) => {
    const { exitCode, stderr } = await line.run(`users import --from ${address}`);
    expect([exitCode, stderr.includes(told)]).toEqual([2, true]);
    expect(stderr).not.toContain('s3cret-pw');
  });

  it.each([
    ['--user root', 'there is no terminal to ask for the password at'],
    ['--user ro:ot --password-stdin', 'without a colon'],
    ['--password-stdin', '--password-stdin goes with --user'],
  ])('refuses %s', async (options, told) => {
    const words = `users import --from http://127.0.0.1:1 ${options}`;
    const { exitCode, stderr } = await line.run(words);
    expect([exitCode, stderr.includes(told)]).toEqual([2, true]);
  });

  it('warns of a way on which others can read along', async () => {
    // A name that no resolver knows: nothing is sent.
    const { stderr } = await line.run('users import --from http://kapacitor.invalid:9092');
    expect(stderr).toContain(
      'http://kapacitor.invalid:9092 is not encrypted: the password and all hashes cross the network',
    );
  });
});

describe('a backup that is asked for', () => {
  const folder = temporaryFolder();
  const bounds = { mostBytes: 1_000_000, silence: 60_000, total: 60_000 };

  it('is refused once more comes than may, however long the answer says to be', async () => {
    const { url } = await standIn((_request, response) => {
      const more = (): void => {
        response.write(DATABASE, (error) => {
          if (!error) more();
        });
      };
      more();
    });
    await expect(askBackup({ url: new URL(url) }, bounds)).rejects.toThrow(
      'it is larger than 1000000 bytes',
    );
  });

  it.each<[string, RequestListener]>([
    ['never begins', () => undefined],
    ['stops on the way', (_request, response) => void response.write(DATABASE.subarray(0, 5_000))],
  ])('is given up if the answer %s', async (_what, answer) => {
    const { url } = await standIn(answer);
    await expect(askBackup({ url: new URL(url) }, { ...bounds, silence: 300 })).rejects.toThrow(
      `${url} gave no backup: nothing came for 0.3 seconds`,
    );
  });

  it('is given up if the answer goes on and on', async () => {
    const { url } = await standIn((_request, response) => {
      const drip = setInterval(() => response.write('x'), 20);
      response.on('close', () => {
        clearInterval(drip);
      });
    });
    await expect(askBackup({ url: new URL(url) }, { ...bounds, total: 500 })).rejects.toThrow(
      `${url} gave no backup: it took longer than 0.5 seconds`,
    );
  });

  it('comes over TLS from a server whose authority is known, and from no other', async () => {
    const authority = makeAuthority('an authority');
    const { cert, key } = makeCertificate(authority, { names: ['127.0.0.1'] });
    const url = `https://${await listen(createTlsServer({ cert, key }, kapacitor))}`;
    await expect(askBackup({ url: new URL(url) }, bounds)).rejects.toThrow(
      'name its authority by NODE_EXTRA_CA_CERTS',
    );
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, authority.cert);
    const words = ['users', 'import', '--from', url, '--user', 'root', '--password-stdin'];
    const env = { NODE_EXTRA_CA_CERTS: ca };
    const child = new Child(process.execPath, [installedMain(), ...words], { cwd: folder, env });
    child.process.stdin.end('rootpw');
    expect([await child.exited, child.stderr]).toEqual([0, '']);
    expect(child.stdout).toContain('added 9 users');
  });
});

describe('users import --from at a real terminal', () => {
  it('asks for the password once and shows nothing of it', async () => {
    const line = new CommandLine();
    const { url } = await standIn(kapacitor);
    const words = `users import --from ${url} --user root --store ${line.store}`;
    const command = `exec "${process.execPath}" "${installedMain()}" ${words}`;
    const child = new Child('script', ['-qec', command, '/dev/null'], { cwd: line.folder });
    await child.until(/Password of root at 127\.0\.0\.1:\d+: /);
    child.process.stdin.write('rootpw\r');
    await expect(child.exited).resolves.toBe(0);
    expect(child.output).toContain('added 9 users');
    expect(child.output).not.toMatch(/rootpw|\*/);
    line.remove();
  });
});
