import type { Request } from 'express';
import { askedHost } from '../express/asked-host.js';

/** Our place on the web, as the browser sees it. */
export interface OwnOrigin {
  /** Scheme, host and port, such as `https://kapacitor.example`. */
  readonly origin: string;
  /** True over TLS, at least up to a trusted proxy. */
  readonly isSecure: boolean;
  /** True if browser and server are on one machine, or in one tunnel: nothing is on the wire. */
  readonly isLoopback: boolean;
}

/** A request of whose scheme a trusted proxy may have told. */
export type SchemedRequest = Pick<Request, 'headers' | 'socket' | 'app' | 'secure'> & {
  /** `https` or `http`, as a trusted proxy tells it; left out if Express reads it. */
  readonly toldScheme?: string | undefined;
  readonly toldHost?: string | undefined;
};

const LOOPBACK = /^(?:localhost|(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Our origin for a request.
 *
 * @param configured - the origin that the operator named; empty to ask the request
 * @returns undefined if the request names no host
 */
export function ownOrigin(request: SchemedRequest, configured: string): OwnOrigin | undefined {
  const { toldScheme, secure } = request;
  const isSecure = toldScheme === undefined ? secure : toldScheme === 'https';
  const asked = `${isSecure ? 'https' : 'http'}://${askedHost(request) ?? ''}`;
  const text = configured === '' ? asked : configured;
  if (!/^https?:\/\/[^/?#@\\\s]+$/i.test(text) || !URL.canParse(text)) return undefined;
  const { origin, protocol, hostname } = new URL(text);
  const isLoopback = LOOPBACK.test(hostname);
  return { origin, isSecure: protocol === 'https:', isLoopback };
}
