import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as httpRequest } from 'node:http';
import { connect, createServer } from 'node:net';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { StoredUser } from '../../lib/index.js';
import { MemoryUserStore } from '../../lib/index.js';
import type { RunningServer } from '../../lib/server/start-server.js';
import { startServer } from '../../lib/server/start-server.js';
import { RecordingUpstream } from '../server/gateway/recording-upstream.js';
import { WrittenLog } from '../server/written-log.js';
import { basic, SECRET } from '../support/open-auth.js';

/** The places where a proxy listens, that it asks, and to which it passes requests on. */
export interface ProxyPlaces {
  readonly port: number;
  readonly authPort: number;
  readonly upstreamPort: number;
  /** A folder of its own. */
  readonly folder: string;
}

/** Starts a proxy as it is configured for users, but for its places. */
export type StartProxy = (places: ProxyPlaces) => ChildProcess;

/** An answer that a client of the proxy got. */
export interface ProxyAnswer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** The request of a client of the proxy. */
export interface ProxyRequest {
  readonly method?: string | undefined;
  readonly headers?: OutgoingHttpHeaders | undefined;
  readonly body?: string | undefined;
  /** The address of the client. */
  readonly localAddress?: string | undefined;
}

/** Users, of whom one can't be looked up. */
class Store extends MemoryUserStore {
  constructor() {
    super([
      { name: 'root', password: 'root-password', type: 'admin' },
      { name: 'amy', password: 'amy-password', permissions: ['api'] },
      { name: 'wim', password: 'wim-password', permissions: ['write_points'] },
      { name: 'zoë', password: 'zoë-password', permissions: ['api', 'config_api'] },
    ]);
  }

  override find(name: string): StoredUser | undefined {
    if (name === 'unreadable') throw new Error('disk error');
    return super.find(name);
  }
}

/** `kapacitor-auth serve`, a service that records, and a proxy before both: all real. */
export class ProxiedService {
  readonly upstream: RecordingUpstream;
  readonly server: RunningServer;
  readonly log: WrittenLog;
  readonly folder: string;
  readonly #port: number;
  readonly #proxy: ChildProcess;

  private constructor(
    parts: Pick<ProxiedService, 'upstream' | 'server' | 'log' | 'folder'>,
    proxy: ChildProcess,
    port: number,
  ) {
    this.upstream = parts.upstream;
    this.server = parts.server;
    this.log = parts.log;
    this.folder = parts.folder;
    this.#proxy = proxy;
    this.#port = port;
  }

  static async start(startProxy: StartProxy): Promise<ProxiedService> {
    const folder = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
    const upstream = await RecordingUpstream.start();
    const log = new WrittenLog();
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      options: {
        configFile: devNull,
        store: new Store(),
        http: { authEnabled: true, sharedSecret: SECRET },
        gateway: { trustedProxies: '127.0.0.1' },
      },
      logger: log.logger,
    });
    const port = await freePort();
    const authPort = Number(new URL(server.url).port);
    const proxy = startProxy({ port, authPort, upstreamPort: upstream.port, folder });
    await untilListening(proxy, port);
    return new ProxiedService({ upstream, server, log, folder }, proxy, port);
  }

  /** Asks the proxy for a target just as it is written here. */
  async ask(path: string, name?: string, request: ProxyRequest = {}): Promise<ProxyAnswer> {
    const { method = 'GET', headers, body, localAddress } = request;
    const login = name === undefined ? {} : { Authorization: basic(name, `${name}-password`) };
    const outgoing = httpRequest({
      host: '127.0.0.1',
      port: this.#port,
      agent: false,
      localAddress,
      path,
      method,
      headers: { ...login, ...headers },
    });
    outgoing.end(body);
    const [answer]: IncomingMessage[] = await once(outgoing, 'response');
    if (answer === undefined) throw new Error('no answer');
    return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
  }

  /** The text of the proxy's log file; empty if it has none. */
  proxyLog(): string {
    const file = join(this.folder, 'kapacitor.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  async stop(): Promise<void> {
    const exited = once(this.#proxy, 'exit');
    this.#proxy.kill('SIGTERM');
    await exited;
    await this.upstream.stop();
    await this.server.stop();
    rmSync(this.folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until a proxy listens. @throws Error when it ends instead */
export async function untilListening(proxy: ChildProcess, port: number): Promise<void> {
  let said = '';
  proxy.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  for (;;) {
    if (proxy.exitCode !== null) throw new Error(`the proxy ended: ${said}`);
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
