import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Child, installedMain } from '../../cli/child.js';
import { basic } from '../../support/open-auth.js';
import { removeFolder } from '../../support/remove-folder.js';

const MAIN = installedMain();

/** The request of a client, and the connection for it. */
interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly login?: readonly [name: string, password: string];
  readonly body?: unknown;
  readonly agent?: Agent | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer. */
export interface Got {
  readonly status: number;
  readonly body: string;
}

/** The administrator of every server here. */
export const ADMIN = ['admin', 'first-password'] as const;

const ENVIRONMENT = {
  KAPACITOR_ADMIN_PASSWORD: ADMIN[1],
  KAPACITOR_AUTH_BCRYPT_COST: '4',
};

/** A server of several workers, as a process. */
export class Served {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'kapacitor-auth-'));
  readonly #children: Child[] = [];
  readonly #agents: Agent[] = [];
  #url = '';

  get url(): string {
    return this.#url;
  }

  /** The server's first process. */
  get child(): Child {
    const [child] = this.#children;
    if (child === undefined) throw new Error('not started');
    return child;
  }

  /** Runs the command line. */
  run(words: string, env: Readonly<Record<string, string>> = {}): Child {
    const options = { cwd: this.folder, env: { ...ENVIRONMENT, ...env } };
    const child = new Child(process.execPath, [MAIN, ...words.split(' ')], options);
    this.#children.push(child);
    return child;
  }

  /** Starts a server on a port that is free. */
  async start(words = '--workers 3', env: Readonly<Record<string, string>> = {}): Promise<this> {
    const child = this.run(`serve --port 0 ${words}`, env);
    const [, url = ''] = await child.until(/"listening on (https?:[^\s,]+), users in /);
    this.#url = url;
    return this;
  }

  /** Sends requests to another server than its own. */
  ask(url: string): void {
    this.#url = url;
  }

  /** The processes that answered requests so far. */
  get answered(): readonly number[] {
    const found = this.child.stdout.matchAll(/"worker":(\d+),"address".*"msg":"request"/g);
    return [...new Set(Array.from(found, ([, pid]) => Number(pid)))];
  }

  /** The processes of the workers that run now, as Linux tells it. */
  get workers(): readonly number[] {
    const { pid } = this.child.process;
    const path = `/proc/${String(pid)}/task/${String(pid)}/children`;
    return existsSync(path)
      ? readFileSync(path, 'utf8').trim().split(' ').filter(Boolean).map(Number)
      : [];
  }

  /** The first of them. To signal the process 0 would end the whole group, this one too. */
  anyWorker(): number {
    const [pid] = this.workers;
    if (pid === undefined) throw new Error('no worker runs');
    return pid;
  }

  /** Connections that stay open. The server hands each new one to the next worker. */
  connections(count: number): readonly Agent[] {
    const agents = Array.from(
      { length: count },
      () => new Agent({ keepAlive: true, maxSockets: 1 }),
    );
    this.#agents.push(...agents);
    return agents;
  }

  /** Sends a request. If its connection breaks, because a worker was replaced, it does so again. */
  async send(sent: Sent = {}): Promise<Got> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.sendOnce(sent);
      } catch (error) {
        if (tries >= 600) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Sends a request. @throws Error if the connection breaks */
  async sendOnce({
    method = 'GET',
    path = 'ping',
    login,
    body,
    agent,
    headers,
  }: Sent): Promise<Got> {
    const target = path.startsWith('/') ? path : `/kapacitor/v1/${path}`;
    const request = httpRequest(`${this.#url}${target}`, {
      method,
      agent: agent ?? new Agent(),
      headers: { ...(login && { Authorization: basic(...login) }), ...headers },
    });
    request.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
    return { status: response.statusCode ?? 0, body: await text(response) };
  }

  /** Asks who a user is. */
  async status(login: readonly [name: string, password: string], agent?: Agent): Promise<number> {
    return (await this.send({ login, agent })).status;
  }

  /** Adds or changes a user. @throws Error if it is refused */
  async change(method: string, path: string, body?: unknown, agent?: Agent): Promise<void> {
    const { status, body: answer } = await this.send({ method, path, body, agent, login: ADMIN });
    if (status >= 300) throw new Error(`${method} ${path}: ${String(status)} ${answer}`);
  }

  async end(): Promise<void> {
    for (const agent of this.#agents) agent.destroy();
    for (const { process } of this.#children) process.kill('SIGKILL');
    await Promise.all(this.#children.map(({ exited }) => exited));
    removeFolder(this.folder);
  }
}
