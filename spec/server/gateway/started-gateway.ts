import { connect } from 'node:net';
import { devNull } from 'node:os';
import { text } from 'node:stream/consumers';
import type { KapacitorAuthOptions, MemoryUser } from '../../../lib/index.js';
import { MemoryUserStore } from '../../../lib/index.js';
import type { RunningServer } from '../../../lib/server/start-server.js';
import { startServer } from '../../../lib/server/start-server.js';
import { basic } from '../../support/open-auth.js';
import { WrittenLog } from '../written-log.js';
import { RecordingUpstream } from './recording-upstream.js';

/** The users of a gateway that is given no others. */
export const USERS: readonly MemoryUser[] = [
  { name: 'root', password: 'root-password', type: 'admin' },
  { name: 'amy', password: 'amy-password', permissions: ['api'] },
  { name: 'wim', password: 'wim-password', permissions: ['write_points'] },
  { name: 'nobody', password: 'nobody-password' },
];

/** The Authorization header of one of the users. */
export function login(name: string): { readonly Authorization: string } {
  return { Authorization: basic(name, `${name}-password`) };
}

/** A gateway before an upstream that records, both real. */
export type GatewayRequest = Omit<RequestInit, 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

export class StartedGateway {
  readonly upstream: RecordingUpstream;
  readonly server: RunningServer;
  readonly log: WrittenLog;

  private constructor(upstream: RecordingUpstream, server: RunningServer, log: WrittenLog) {
    this.upstream = upstream;
    this.server = server;
    this.log = log;
  }

  static async start(options: KapacitorAuthOptions = {}): Promise<StartedGateway> {
    const upstream = await RecordingUpstream.start();
    const log = new WrittenLog();
    const server = await startServer({
      host: '127.0.0.1',
      port: 0,
      options: {
        configFile: devNull,
        store: new MemoryUserStore(USERS),
        ...options,
        gateway: { upstream: upstream.url, ...options.gateway },
      },
      logger: log.logger,
    }).catch(async (error: unknown) => {
      await upstream.stop();
      throw error;
    });
    return new StartedGateway(upstream, server, log);
  }

  fetch(path: string, name?: string, init: GatewayRequest = {}): Promise<Response> {
    const headers = { ...(name !== undefined && login(name)), ...init.headers };
    return fetch(this.server.url + path, { ...init, headers, redirect: 'manual' });
  }

  /**
   * Sends bytes as they are, with the credentials of a user, and returns all that is answered until the connection ends, or for
   * some milliseconds.
   */
  async send(bytes: string, name = 'root', milliseconds = 10_000): Promise<string> {
    const socket = connect(Number(new URL(this.server.url).port), '127.0.0.1');
    const authorized = bytes.replace('\n', `\nAuthorization: ${login(name).Authorization}\r\n`);
    socket.write(Buffer.from(authorized, 'latin1'));
    const end = setTimeout(() => socket.end(), milliseconds);
    const answer = await text(socket).catch(() => '');
    clearTimeout(end);
    return answer;
  }

  async stop(): Promise<void> {
    await this.upstream.stop();
    await this.server.stop();
  }
}
