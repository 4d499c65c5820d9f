import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KapacitorAuthError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { ThrottleStore } from '../stores/failure-counter.js';
import type { WrapStore } from '../stores/user-store.js';
import type { CodeSections } from './options.js';

/**
 * The options in code. A value that is left out, or undefined, comes from the environment
 * (`KAPACITOR_AUTH_BCRYPT_COST`), else from kapacitor.conf, else is the default.
 */
export interface KapacitorAuthOptions extends CodeSections {
  /**
   * Path of the configuration file: `.conf` and `.toml` are TOML, `.ini` is INI. Default:
   * KAPACITOR_CONFIG_PATH, else `~/.kapacitor/kapacitor.conf`, else
   * `/etc/kapacitor/kapacitor.conf`. `false` reads no file, for apps that don't share Kapacitor's
   * configuration. A file that is only found may not switch authentication off.
   */
  readonly configFile?: string | false | undefined;
  /**
   * Counts failed logins for several processes: makes a limiter of rate-limiter-flexible. Default:
   * this process' memory.
   */
  readonly throttleStore?: ThrottleStore | undefined;
  /**
   * Puts an object of the app's own around the store, whichever it is: one that tells other
   * processes of changes, or that measures look-ups. Called once, with the store that is not open
   * yet. Default: nothing is put around it.
   */
  readonly wrapStore?: WrapStore | undefined;
  /** The realm of the challenge, in printable ASCII. Default `'kapacitor'`. */
  readonly realm?: string | undefined;
  /**
   * Gets what an operator should know. Default: silent; doubts about the configuration and the
   * first failure of each kind become warnings of the process.
   */
  readonly logger?: Logger | undefined;
  /** A 401 asks for credentials, at which browsers open their dialogue. Default true. */
  readonly challenge?: boolean | ((request: IncomingMessage) => boolean) | undefined;
  /**
   * Requests without credentials pass, without a user; wrong credentials still get a 401. Default
   * false.
   */
  readonly optional?: boolean | undefined;
  /**
   * The property of a request that gets its user, for apps that have a `req.user` of their own.
   * Default `'user'`.
   */
  readonly property?: 'user' | 'kapacitorUser' | undefined;
  /** Answers errors in the app's own way. Default: JSON, as Kapacitor does. */
  readonly onError?:
    | ((
        error: KapacitorAuthError,
        request: IncomingMessage,
        response: ServerResponse,
        next: (error?: unknown) => void,
      ) => void)
    | undefined;
}
