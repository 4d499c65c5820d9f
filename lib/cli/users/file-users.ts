import type { Permission, UserType } from '../../index.js';

/** A user that a file brings. */
export interface FileUser {
  /** Where it stands: `line 3`. */
  readonly place: string;
  readonly name: string;
  readonly hash: string;
  readonly type?: UserType | undefined;
  readonly permissions?: readonly Permission[] | undefined;
}

/** A part of a file that makes no user; the reason never shows a hash. */
export interface LeftOut {
  readonly place: string;
  /** Left out where there is none that may be shown. */
  readonly name?: string | undefined;
  readonly reason: string;
}

/** What a file of users says. */
export interface FileUsers {
  /** An htpasswd says names and hashes only. */
  readonly kind: 'htpasswd' | 'export';
  readonly users: readonly FileUser[];
  readonly leftOut: readonly LeftOut[];
}
