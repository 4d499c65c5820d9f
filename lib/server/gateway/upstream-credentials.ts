import type { GatewayConfig } from '../../index.js';
import { signToken } from '../../index.js';

/** How long a token of ours is valid, and when it is made anew before its end, in seconds. */
const LIFETIME = 300;
const MARGIN = 60;

/**
 * What the gateway itself authenticates with at the upstream, as the value of `Authorization`; undefined where the upstream asks
 * for nothing.
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
