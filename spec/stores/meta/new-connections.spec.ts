import { execFileSync } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { makeAuthority, makeCertificate } from '../../../fixtures/meta-stand-in/certificates.js';
import { StoreUnavailableError } from '../../../lib/errors.js';
import { eventually, openStore, standIn } from './stand-ins.js';

jest.mock('node:tls', () => {
  const actual = jest.requireActual<typeof import('node:tls')>('node:tls');
  return { ...actual, createSecureContext: jest.fn(actual.createSecureContext) };
});

const authority = makeAuthority('our authority');
const serverCert = makeCertificate(authority, { names: ['127.0.0.1'] });

let folder: string;

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'meta-connections-'))));
afterEach(() => rm(folder, { recursive: true }));

const names = Array.from({ length: 20 }, (_, index) => `ghost${String(index)}`);

describe('Many new connections to a meta node', () => {
  it('share what was made of the files, until these change', async () => {
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, authority.cert);
    const node = await standIn({ tls: serverCert });
    const store = await openStore([node], { useTls: true, ca });
    const made = jest.mocked(tls.createSecureContext);
    made.mockClear();
    const reconnect = async (): Promise<void> => {
      node.renewCertificate(serverCert);
      await eventually(async () => (await node.connections()) === 0);
      await new Promise((resolve) => setTimeout(resolve, 100));
    };
    const ask = async () => Promise.all(names.map(async (name) => store.find(name)));
    await ask();
    await reconnect();
    made.mockClear();
    await ask();
    expect(made.mock.calls.filter(([options]) => options?.ca === authority.cert)).toHaveLength(0);
    const renewed = `# renewed\n${authority.cert}`;
    await writeFile(`${ca}.new`, renewed);
    await rename(`${ca}.new`, ca);
    await reconnect();
    await ask();
    expect(made.mock.calls.filter(([options]) => options?.ca === renewed)).toHaveLength(1);
  });

  it('are made four at a time', async () => {
    const ca = join(folder, 'ca.pem');
    await writeFile(ca, authority.cert);
    const sockets: Socket[] = [];
    // Takes connections and says nothing, so that the handshake goes on.
    const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const store = await openStore([], {
      addresses: [`127.0.0.1:${String(port)}`],
      useTls: true,
      ca,
      deadline: 1000,
    });
    const asked = Promise.allSettled(names.map(async (name) => store.find(name)));
    await eventually(() => sockets.length >= 4);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sockets).toHaveLength(4);
    // Who waits for a connection is told when the time is up, and not when the connection is there.
    expect(new Set((await asked).map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect(sockets).toHaveLength(4);
    await store.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  it.each(['ca', 'cert', 'key'] as const)(
    'wait for no pipe and no device that auth.meta-%s names',
    async (option) => {
      const pipe = join(folder, 'pipe');
      execFileSync('mkfifo', [pipe]);
      const own = makeCertificate(authority, { names: ['kapacitor-auth'] });
      const [cert, key] = [join(folder, 'cert'), join(folder, 'key')];
      await Promise.all([writeFile(cert, own.cert), writeFile(key, own.key)]);
      for (const path of [pipe, '/dev/zero']) {
        const opened = openStore([], {
          addresses: ['127.0.0.1:1'],
          useTls: true,
          ...(option !== 'ca' && { cert, key }),
          [option]: path,
        });
        await expect(opened).rejects.toThrow(StoreUnavailableError);
        await expect(opened).rejects.toThrow(
          `auth.meta-${option}: ${path} is a pipe or a device, not a file`,
        );
      }
    },
  );
});
