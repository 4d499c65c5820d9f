import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, request as httpRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';

/** The progress of an exchange: its answer runs, its body runs, or its answer is waited for. */
export type ExchangeKind = 'download' | 'upload' | 'wait';

export interface OpenExchange {
  /** The end that the client sees: the status of an answer, or `cut` if one had begun. */
  readonly end: Promise<number | 'cut' | 'whole'>;
  /** Settles when the upstream's side is broken off. */
  readonly upstreamGone: Promise<unknown>;
  readonly response: ServerResponse;
  /** Lets it end as it would have without any change. */
  finish(): Promise<void>;
}

/** An upstream that gets each request as soon as it comes, and answers only when it is told to. */
export class SlowUpstream {
  readonly #server: Server;
  #arrived: (side: { request: IncomingMessage; response: ServerResponse }) => void = () =>
    undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      request.on('error', () => undefined);
      this.#arrived({ request, response });
    });
  }

  static async start(): Promise<SlowUpstream> {
    const upstream = new SlowUpstream();
    upstream.#server.listen(0, '127.0.0.1');
    await once(upstream.#server, 'listening');
    return upstream;
  }

  get url(): string {
    const { port } = z.object({ port: z.number() }).parse(this.#server.address());
    return `http://127.0.0.1:${String(port)}`;
  }

  next(): Promise<{ request: IncomingMessage; response: ServerResponse }> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}

export interface ClientRequestParts {
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
}

/** Opens an exchange through a gateway, up to the point that its kind names. */
export async function openExchange(
  url: string,
  upstream: SlowUpstream,
  kind: ExchangeKind,
  { target, headers, method }: ClientRequestParts,
): Promise<OpenExchange> {
  const arrived = upstream.next();
  const hasBody = kind === 'upload' || method === 'POST';
  const sent = httpRequest(url + target, {
    method: kind === 'upload' ? 'POST' : method,
    headers: { ...headers, ...(hasBody && { 'Transfer-Encoding': 'chunked' }) },
    agent: false,
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  sent.on('error', () => undefined);
  if (hasBody) sent.write('a part\n');
  if (kind !== 'upload') sent.end();
  else sent.flushHeaders();
  const { request, response } = await arrived;
  const upstreamGone = new Promise((resolve) => {
    (kind === 'upload' ? request : response).once('close', resolve);
  });
  if (kind === 'download') response.write('a part\n');
  const end = endOf(answered, kind);
  if (kind === 'download') await answered;
  return {
    end,
    upstreamGone,
    response,
    finish: async () => {
      if (kind === 'upload') sent.end();
      request.resume();
      response.end();
      await end;
    },
  };
}

async function endOf(
  answered: Promise<IncomingMessage>,
  kind: ExchangeKind,
): Promise<number | 'cut' | 'whole'> {
  const answer = await answered;
  try {
    await buffer(answer);
  } catch {
    return 'cut';
  }
  return kind === 'download' ? 'whole' : (answer.statusCode ?? 0);
}
