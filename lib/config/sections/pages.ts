import type { SectionRows } from '../option.js';
import { pagesBasePath } from '../pages-base-path.js';
import type { PagesSwitch } from '../pages-switch.js';
import { pagesSwitch } from '../pages-switch.js';
import { webOrigin } from '../web-origins.js';

/** `[pages]`: the pages to manage users that `kapacitor-auth serve` shows. */
export interface PagesConfig {
  /**
   * True if they are shown. `'auto'`: if there is no upstream, and the server is reached by this
   * machine only or over TLS.
   */
  readonly enabled: PagesSwitch;
  /** The path below which they are, such as `/admin`. */
  readonly basePath: string;
  /** Scheme, host and port by which browsers reach them; empty to take them from the request. */
  readonly origin: string;
}

/** `[pages]`: the pages to manage users that `kapacitor-auth serve` shows. */
export interface PagesOptions {
  /**
   * True if they are shown. Default `'auto'`: if there is no upstream, and the server is reached by
   * this machine only or over TLS.
   */
  readonly enabled?: PagesSwitch | undefined;
  /** The path below which they are. Default `'/admin'`. */
  readonly basePath?: string | undefined;
  /**
   * Scheme, host and port by which browsers reach them, such as `https://kapacitor.example`.
   * Default `''`: as the request, or a trusted proxy, tells them.
   */
  readonly origin?: string | undefined;
}

/** The rows of `[pages]`. */
export const pagesRows: SectionRows<PagesConfig> = {
  enabled: {
    type: pagesSwitch,
    default: 'auto',
    purpose:
      'whether `kapacitor-auth serve` shows pages to manage users; `"auto"` on loopback or over TLS, without an upstream',
  },
  basePath: {
    type: pagesBasePath,
    default: '/admin',
    purpose: 'the path below which these pages are',
  },
  origin: {
    type: webOrigin,
    default: '',
    purpose:
      'the origin by which browsers reach these pages; while it is empty, as a request or a trusted proxy tells it',
  },
};
