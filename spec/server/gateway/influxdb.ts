import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** True if InfluxDB 1.x is installed. */
export function hasInfluxdb(): boolean {
  const { stdout } = spawnSync('influxd', ['version'], { encoding: 'utf8' });
  return /^InfluxDB v?1\./.test(stdout);
}

/** A real InfluxDB 1.x on ports of its own, with all its files in one folder. */
export class Influxdb {
  readonly url: string;
  readonly #process: ChildProcess;
  #log = '';

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#process = child;
    child.stderr?.on('data', (chunk: Buffer) => (this.#log += chunk.toString()));
  }

  /** @param folder - empty, for its configuration and data */
  static async start(folder: string): Promise<Influxdb> {
    const [rpc, http] = await Promise.all([freePort(), freePort()]);
    const config = join(folder, 'influxdb.conf');
    writeFileSync(config, configuration(folder, { rpc, http }));
    const child = spawn('influxd', ['run', '-config', config], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH, HOME: folder },
    });
    const influxdb = new Influxdb(`http://127.0.0.1:${String(http)}`, child);
    while (!(await influxdb.isAlive())) {
      if (child.exitCode !== null) throw new Error(`influxd ended: ${influxdb.#log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return influxdb;
  }

  async isAlive(): Promise<boolean> {
    if (this.#process.exitCode !== null) return false;
    return fetch(`${this.url}/ping`).then(
      ({ status }) => status === 204,
      () => false,
    );
  }

  /** Returns the result of a statement. @throws Error when it is refused */
  async query(statement: string): Promise<unknown> {
    const body = new URLSearchParams({ q: statement });
    const answer = await fetch(`${this.url}/query`, { method: 'POST', body });
    const text = await answer.text();
    if (!answer.ok || text.includes('"error"')) throw new Error(text);
    return JSON.parse(text);
  }

  /** Writes a point and waits until it is acknowledged. */
  async write(parameters: Readonly<Record<string, string>>, line: string): Promise<void> {
    const query = new URLSearchParams(parameters).toString();
    const answer = await fetch(`${this.url}/write?${query}`, { method: 'POST', body: line });
    if (answer.status !== 204) throw new Error(await answer.text());
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function configuration(folder: string, { rpc, http }: { rpc: number; http: number }): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${String(rpc)}"
[meta]
  dir = ${JSON.stringify(join(folder, 'meta'))}
[data]
  dir = ${JSON.stringify(join(folder, 'data'))}
  wal-dir = ${JSON.stringify(join(folder, 'wal'))}
[http]
  bind-address = "127.0.0.1:${String(http)}"
  log-enabled = false
[monitor]
  store-enabled = false
`;
}
