import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request as httpRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { text } from 'node:stream/consumers';

/** An answer to somebody at a browser. */
export interface ShownPage {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Sent {
  /** An empty one is left out. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly form?: Readonly<Record<string, string>> | undefined;
}

/** Visits pages as a browser does: keeps cookies, and says where a form comes from. */
export class PageClient {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #cookies = new Map<string, string>();

  /** @param headers - sent with every request, such as those of a proxy between */
  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  get(path: string, headers?: Sent['headers']): Promise<ShownPage> {
    return this.send('GET', path, { headers });
  }

  post(path: string, form: Sent['form'], headers?: Sent['headers']): Promise<ShownPage> {
    return this.send('POST', path, { form: form ?? {}, headers });
  }

  logIn(name: string, password: string, base = '/admin'): Promise<ShownPage> {
    return this.post(`${base}/login`, { name, password });
  }

  /** Returns true if the pages show no login any more. */
  async isLoggedIn(base = '/admin'): Promise<boolean> {
    const { status, headers } = await this.get(`${base}/login`);
    return status === 303 && headers.location === `${base}/`;
  }

  /** Sends a request over a connection of its own. */
  async send(method: string, path: string, { headers, form }: Sent = {}): Promise<ShownPage> {
    const isTls = this.#url.startsWith('https:');
    const cookie = Array.from(this.#cookies, (pair) => pair.join('=')).join('; ');
    const all = {
      ...(cookie !== '' && { Cookie: cookie }),
      ...(form && {
        'Sec-Fetch-Site': 'same-origin',
        'Content-Type': 'application/x-www-form-urlencoded',
      }),
      ...this.#headers,
      ...headers,
    };
    const options = {
      // As it is: a URL would lose its dots.
      ...{ method, path },
      agent: isTls ? new TlsAgent({ rejectUnauthorized: false }) : new Agent(),
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
    };
    const request = (isTls ? tlsRequest : httpRequest)(this.#url, options);
    request.end(form && new URLSearchParams(form).toString());
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    for (const field of response.headers['set-cookie'] ?? []) this.#keep(field);
    const body = await text(response);
    return { status: response.statusCode ?? 0, headers: response.headers, body };
  }

  #keep(field: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(field) ?? [];
    if (/max-age=0/i.test(field)) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}
