import type { GatewayConfig } from '../../index.js';
import { signToken } from '../../index.js';

/** Seconds that a token is valid, and seconds before its end at which a new one is made. */
const LIFETIME = 300;
const MARGIN = 60;

/**
 * Supplies the gateway's own credentials for the upstream, as the value of `Authorization`;
 * undefined if none are configured.
 */
export function upstreamCredentials(config: GatewayConfig): () => string | undefined {
  const { upstreamUsername: username, upstreamPassword, upstreamSharedSecret: secret } = config;
  if (secret !== '') return bearer(username, secret);
  const basic =
    username === ''
      ? undefined
      : `Basic ${Buffer.from(`${username}:${upstreamPassword}`).toString('base64')}`;
  return () => basic;
}

function bearer(username: string, secret: string): () => string {
  let header = '';
  let renewal = -Infinity;
  return () => {
    const now = performance.now();
    if (now >= renewal) {
      header = `Bearer ${signToken({ username, lifetime: LIFETIME }, secret)}`;
      renewal = now + (LIFETIME - MARGIN) * 1000;
    }
    return header;
  };
}
