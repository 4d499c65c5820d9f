import type { SectionRows } from '../option.js';
import { boolean, secret } from '../value-types.js';

/** `[http]`: authentication on or off, and the secret that signs tokens. */
export interface HttpConfig {
  /** Requests must authenticate; if not, all pass as administrator. */
  readonly authEnabled: boolean;
  /** Verifies bearer tokens; if it is empty, they are refused. */
  readonly sharedSecret: string;
}

/** `[http]` of kapacitor.conf. */
export interface HttpOptions {
  /** Require authentication; if false, all requests pass as administrator. Default true. */
  readonly authEnabled?: boolean | undefined;
  /**
   * Verifies bearer tokens (JWT, HS256, HS384 or HS512); at least 32 bytes. Default `''`: tokens
   * are refused.
   */
  readonly sharedSecret?: string | undefined;
}

/** The rows of `[http]`. */
export const httpRows: SectionRows<HttpConfig> = {
  authEnabled: {
    type: boolean,
    default: true,
    purpose: 'whether requests must authenticate; otherwise all pass as administrator',
  },
  sharedSecret: {
    type: secret,
    default: '',
    secret: true,
    purpose: 'verifies bearer tokens (JWT), which are refused while it is empty',
  },
};
