import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatewayOptions, KapacitorAuthOptions } from '../../lib/index.js';
import { MemoryUserStore, StoreUnavailableError } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { basic } from '../support/open-auth.js';
import { WrittenLog } from './written-log.js';

describe('startServer', () => {
  let folder: string;
  let log: WrittenLog;
  const running: RunningServer[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    log = new WrittenLog();
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    rmSync(folder, { recursive: true });
  });

  async function start(options: KapacitorAuthOptions, port = 0): Promise<RunningServer> {
    const server = await startServer({
      host: '127.0.0.1',
      port,
      options: { configFile: devNull, ...options },
      logger: log.logger,
    });
    running.push(server);
    return server;
  }

  async function statusOf(server: RunningServer, name: string, password: string): Promise<number> {
    const headers = { Authorization: basic(name, password) };
    const { status } = await fetch(`${server.url}/kapacitor/v1/whoami`, { headers });
    return status;
  }

  const upstream = 'http://127.0.0.1:1';
  const upstreamAuthenticates = true;
  const username = { upstreamUsername: 'gateway' };

  it.each<[string, GatewayOptions, readonly string[], string]>([
    ['without an upstream', {}, ['auth.enforce'], 'a server without an upstream always refuses'],
    [
      'without an upstream, whatever is said of it',
      { upstreamAuthenticates },
      ['auth.enforce'],
      'a server without an upstream always refuses',
    ],
    [
      'unless the upstream is said to judge by itself',
      { upstream },
      ['auth.enforce'],
      'KAPACITOR_GATEWAY_UPSTREAM_AUTHENTICATES=true',
    ],
    [
      'with a password of its own',
      { upstream, upstreamAuthenticates, ...username, upstreamPassword: 'x'.repeat(16) },
      ['gateway.upstream-username', 'gateway.upstream-password'],
      'clients send their own credentials',
    ],
    [
      'with a shared secret of its own',
      { upstream, upstreamAuthenticates, ...username, upstreamSharedSecret: 'x'.repeat(32) },
      ['gateway.upstream-username', 'gateway.upstream-shared-secret'],
      'clients send their own credentials',
    ],
    [
      'with a shared secret of its own and no name',
      { upstream, upstreamAuthenticates, upstreamSharedSecret: 'x'.repeat(32) },
      ['gateway.upstream-shared-secret'],
      'leave it out, so that clients send their own credentials',
    ],
    [
      'with the name of a user of its own and no password',
      { upstream, upstreamAuthenticates, ...username },
      ['gateway.upstream-username'],
      'leave it out, so that clients send their own credentials',
    ],
    [
      'with a certificate of its own',
      {
        upstream: 'https://127.0.0.1:1',
        upstreamAuthenticates,
        upstreamCert: 'x.pem',
        upstreamKey: 'x.key',
      },
      ['gateway.upstream-cert'],
      'clients send their own credentials',
    ],
  ])('does not start if refusals are only reported, %s', async (_how, gateway, keys, advice) => {
    const options = { auth: { enforce: 'report' }, gateway } as const;
    const error: unknown = await start({ ...options, store: new MemoryUserStore() }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      code: 'ERR_KAUTH_CONFIG',
      problems: keys.map((key) => ({ key, origin: 'code' })),
      message: expect.stringContaining(advice) as unknown,
    });
    expect(log.text).not.toContain('WRN_KAUTH_REPORT_ONLY');
  });

  it('lets the first administrator in', async () => {
    const server = await start({ store: { path: join(folder, 'users.db') } });
    const { name = '', password = '' } = server.firstAdmin ?? {};
    await expect(statusOf(server, name, password)).resolves.toBe(200);
    await expect(statusOf(server, name, 'wrong')).resolves.toBe(401);
    expect(log.text).not.toContain(password);
    expect(log.text).not.toContain('WRN_KAUTH_NO_USERS');
  });

  it('makes no administrator where there are users', async () => {
    const store = new MemoryUserStore([{ name: 'amy', password: 'amy-password' }]);
    const server = await start({ store });
    expect(server.firstAdmin).toBeUndefined();
    await expect(statusOf(server, 'amy', 'amy-password')).resolves.toBe(200);
  });

  it('makes no administrator where users are kept elsewhere', async () => {
    const server = await start({ store: { find: () => undefined } });
    expect(server.firstAdmin).toBeUndefined();
  });

  it('leaves the store alone when it cannot listen', async () => {
    const { url } = await start({ store: new MemoryUserStore() });
    const store = new MemoryUserStore();
    const open = jest.spyOn(store, 'open');
    await expect(start({ store }, Number(new URL(url).port))).rejects.toThrow('the port is in use');
    expect(open).not.toHaveBeenCalled();
  });

  it('stops listening when the store cannot be opened', async () => {
    class Broken extends MemoryUserStore {
      override open(): Promise<never> {
        return Promise.reject(new StoreUnavailableError('the disk is gone'));
      }
    }
    const first = await start({ store: new MemoryUserStore() });
    const port = Number(new URL(first.url).port);
    await first.stop();
    await expect(start({ store: new Broken() }, port)).rejects.toThrow('the disk is gone');
    await start({ store: new MemoryUserStore() }, port);
  });

  it('lets requests wait until users are ready, and is not healthy before', async () => {
    let goOn = (): void => undefined;
    const opening = new Promise<void>((resolve) => (goOn = resolve));
    class Slow extends MemoryUserStore {
      override async open(): Promise<void> {
        await opening;
        await super.open();
      }
    }
    const { url } = await start({ store: new MemoryUserStore() });
    await Promise.all(running.splice(0).map((server) => server.stop()));
    const starting = start({ store: new Slow() }, Number(new URL(url).port));
    const health = () =>
      fetch(`${url}/health`).then(
        ({ status }) => status,
        () => 0,
      );
    let status = 0;
    while (status === 0) status = await health();
    expect(status).toBe(503);
    let isAnswered = false;
    const headers = { Authorization: basic('admin', 'whatever') };
    const waiting = fetch(`${url}/kapacitor/v1/whoami`, { headers }).finally(() => {
      isAnswered = true;
    });
    await expect(health()).resolves.toBe(503);
    expect(isAnswered).toBe(false);
    goOn();
    const { firstAdmin } = await starting;
    await expect(waiting).resolves.toMatchObject({ status: 401 });
    await expect(health()).resolves.toBe(200);
    expect(firstAdmin?.name).toBe('admin');
  });

  it('keeps connections for longer than load balancers do', async () => {
    const { url } = await start({ store: new MemoryUserStore() });
    const { headers } = await fetch(`${url}/health`);
    expect(headers.get('keep-alive')).toBe('timeout=75');
  });

  it('does not warn that every request passes when it refuses to start', async () => {
    const configFile = join(folder, 'off.conf');
    writeFileSync(configFile, '[http]\nauth-enabled = false\n');
    await expect(start({ configFile, http: { sharedSecret: 'short but mine' } })).rejects.toThrow(
      'is false in a file',
    );
    expect(log.text).not.toContain('WRN_KAUTH_AUTH_DISABLED');
    expect(log.text).toContain('WRN_KAUTH_SHORT_SECRET');
  });

  it('warns once that every request passes when it starts', async () => {
    await start({ http: { authEnabled: false }, store: new MemoryUserStore() });
    expect(log.text.match(/WRN_KAUTH_AUTH_DISABLED: http\.auth-enabled \(code\)/g)).toHaveLength(1);
  });

  it('says what is wrong with the configuration', async () => {
    await expect(start({ auth: { bcryptCost: 3 } })).rejects.toThrow('auth.bcrypt-cost');
  });
});
