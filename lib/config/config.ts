import type { Logger } from '../logger.js';
import type { ThrottleStore } from '../stores/failure-counter.js';
import type { UserSource, WrapStore } from '../stores/user-store.js';
import type { ConfigSections } from './options.js';

/** A value, a section or a variable that does not count. */
export interface LeftAside {
  /** `section.key` as in kapacitor.conf, a misspelt `[section]`, or the name of a variable. */
  readonly key: string;
  /** File and line, or `environment`. */
  readonly origin: string;
  /** The reason, and what to do if it should count. */
  readonly reason: string;
}

/**
 * The whole configuration, checked and frozen; `JSON.stringify` and `util.inspect` show it without
 * its secrets.
 */
export interface Config extends ConfigSections {
  /** The realm of the challenge. */
  readonly realm: string;
  /** Gets what an operator should know. */
  readonly logger: Logger;
  /** The store given in code, which replaces `store`. */
  readonly userSource: UserSource | undefined;
  /** Counts failed logins instead of this process' memory; given in code. */
  readonly throttleStore: ThrottleStore | undefined;
  /** Puts an object around the store; given in code. */
  readonly wrapStore: WrapStore | undefined;
  /** The configuration file that was read, if any. */
  readonly configFile: string | undefined;
  /**
   * Values of that file that don't count, since the same file switches off what they are for, and
   * sections and variables whose names are unknown and look like ours.
   */
  readonly leftAside: readonly LeftAside[];
  /**
   * The origin of each value by `section.key`: `code`, a variable's name, `file:line`, or
   * `default`.
   */
  readonly origins: Readonly<Record<string, string>>;
}
