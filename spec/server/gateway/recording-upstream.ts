import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';

/** A request as the upstream got it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  /** Names in small letters, in the order in which they came. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** A service that reads leniently, so that it sees whatever a gateway lets through, and keeps what it saw. */
export class RecordingUpstream {
  readonly seen: SeenRequest[] = [];
  /** The way in which a request is answered; by its line and body if nothing else is set. */
  answer: RequestListener = (request, response) => {
    response.setHeader('Content-Type', 'text/plain');
    response.end(`${request.method ?? ''} ${request.url ?? ''}`);
  };
  readonly #server: Server;

  private constructor() {
    this.#server = createServer({ insecureHTTPParser: true }, (request, response) => {
      void this.#record(request, response);
    });
  }

  static async start(): Promise<RecordingUpstream> {
    const upstream = new RecordingUpstream();
    await upstream.listen(0);
    return upstream;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  get port(): number {
    return z.object({ port: z.number() }).parse(this.#server.address()).port;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  /** The value of a field in the last request. */
  field(name: string): string | undefined {
    const values = this.seen.at(-1)?.fields.filter(([each]) => each === name) ?? [];
    return values.length === 0 ? undefined : values.map(([, value]) => value).join(' | ');
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #record(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', rawHeaders } = request;
    const fields = rawHeaders.flatMap((name, index) =>
      index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? ''] as const] : [],
    );
    if (url.startsWith('/unread')) {
      this.seen.push({ method, url, fields, body: '' });
      this.answer(request, response);
      return;
    }
    const body = await buffer(request).catch(() => Buffer.from('(broken off)'));
    this.seen.push({ method, url, fields, body: body.toString('latin1') });
    this.answer(request, response);
  }
}
