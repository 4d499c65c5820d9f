import type { SectionRows } from '../option.js';
import { webOrigins } from '../web-origins.js';

/** `[cors]`: the pages that may use `kapacitor-auth serve`. */
export interface CorsConfig {
  /** Scheme, host and port of each origin whose pages may; empty for none but its own. */
  readonly origins: readonly string[];
}

/** `[cors]`: the pages that may use `kapacitor-auth serve`. */
export interface CorsOptions {
  /**
   * Origins, separated by commas: `'https://console.example, http://localhost:3000'`. Default `''`:
   * none but its own.
   */
  readonly origins?: string | undefined;
}

/** The rows of `[cors]`. */
export const corsRows: SectionRows<CorsConfig> = {
  origins: {
    type: webOrigins,
    default: Object.freeze([]),
    purpose:
      'pages of which origins may use `kapacitor-auth serve`; none but its own while it is empty',
  },
};
