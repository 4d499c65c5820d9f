import type { Permission, StoredSubscription, UserType } from '../../index.js';

/** A user in an imported file. */
export interface FileUser {
  /** The place in the file, such as `line 3`. */
  readonly place: string;
  readonly name: string;
  readonly hash: string;
  readonly type?: UserType | undefined;
  readonly permissions?: readonly Permission[] | undefined;
  readonly grants?: readonly string[] | undefined;
  readonly disabled?: boolean | undefined;
  readonly created?: string | undefined;
}

/** A part of a file that yields no user. The reason never shows a hash. */
export interface LeftOut {
  readonly place: string;
  /** Missing if there is none that may be shown. */
  readonly name?: string | undefined;
  readonly reason: string;
  /** In a database of Kapacitor: a whole user, one of its privileges, or a subscription. */
  readonly kind?: 'user' | 'privilege' | 'subscription' | undefined;
  /** The command that does it by hand. */
  readonly command?: string | undefined;
}

/** The contents of a file of users. */
export interface FileUsers {
  readonly users: readonly FileUser[];
  readonly leftOut: readonly LeftOut[];
  /** Things that only a database of Kapacitor holds. */
  readonly kapacitor?: KapacitorPart | undefined;
}

/** The contents of a database of Kapacitor, beside the users. */
export interface KapacitorPart {
  readonly subscriptions: readonly StoredSubscription[];
  /** Users whose hash costs less than is asked for: the first login renews it. */
  readonly renewed: readonly string[];
}

/** Users that were read, before the store is known that they are for. */
export interface Brought {
  /** An htpasswd holds names and hashes only. */
  readonly kind: 'htpasswd' | 'export' | 'kapacitor';
  /** @param cost - `auth.bcrypt-cost` of that store */
  readonly usersFor: (cost: number) => FileUsers;
}
