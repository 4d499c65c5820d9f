import type { IncomingMessage } from 'node:http';
import type { Application } from 'express';

/** A request that may have come through a proxy. */
export interface ProxiedRequest extends Pick<IncomingMessage, 'headers' | 'socket'> {
  /**
   * The host that the client asked, as a trusted proxy tells it; left out if nothing read it yet.
   */
  readonly toldHost?: string | undefined;
  /** The Express app that serves the request; its settings tell which proxies it trusts. */
  readonly app?: Pick<Application, 'get'> | undefined;
}

/**
 * The host that the client asked, in the form of `Host`. A trusted proxy tells it in
 * `X-Forwarded-Host`, as in Express.
 */
export function askedHost({ headers, socket, toldHost, app }: ProxiedRequest): string | undefined {
  if (toldHost !== undefined) return toldHost;
  const told = forwardedHost(headers);
  if (told === undefined || app === undefined) return headers.host;
  const trusts: unknown = app.get('trust proxy fn');
  const isTrusted =
    typeof trusts === 'function' &&
    Reflect.apply(trusts, undefined, [socket.remoteAddress, 0]) === true;
  return isTrusted ? told : headers.host;
}

/**
 * The host in `X-Forwarded-Host`, from whatever sender. The first of several is the host that the
 * client asked the first proxy for.
 */
export function forwardedHost(headers: IncomingMessage['headers']): string | undefined {
  const field = headers['x-forwarded-host'];
  if (typeof field !== 'string') return undefined;
  const [first = ''] = field.split(',');
  return first.trim() || undefined;
}
