import type { Permission, UserType } from '../../index.js';

/** A user in an imported file. */
export interface FileUser {
  /** The place in the file, such as `line 3`. */
  readonly place: string;
  readonly name: string;
  readonly hash: string;
  readonly type?: UserType | undefined;
  readonly permissions?: readonly Permission[] | undefined;
  readonly grants?: readonly string[] | undefined;
}

/** A part of a file that yields no user. The reason never shows a hash. */
export interface LeftOut {
  readonly place: string;
  /** Missing if there is none that may be shown. */
  readonly name?: string | undefined;
  readonly reason: string;
}

/** The contents of a file of users. */
export interface FileUsers {
  /** An htpasswd holds names and hashes only. */
  readonly kind: 'htpasswd' | 'export';
  readonly users: readonly FileUser[];
  readonly leftOut: readonly LeftOut[];
}
