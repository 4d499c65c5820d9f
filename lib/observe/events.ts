import type { ErrorCode } from '../errors.js';
import type { Permission } from '../privileges/permission.js';
import type { UserType } from '../privileges/user.js';

/**
 * Facts about the request of an event. They never hold its query, headers or body, where
 * credentials are.
 */
export interface RequestFacts {
  /** The client's address, as Express sees it (`trust proxy`). */
  readonly address?: string | undefined;
  /** The HTTP method as sent. */
  readonly method?: string | undefined;
  /** The path that the client asked for, without the query. */
  readonly path?: string | undefined;
}

/** A request was let in. */
export interface AuthenticatedEvent extends RequestFacts {
  /** The user's name. */
  readonly user: string;
}

/**
 * A request was not let in, or could not be judged. The `code` tells the cause: the credentials
 * were wrong, or the store or bcrypt had no answer. If `auth.passport` combines strategies, another
 * one may still have let it in.
 */
export interface RejectedEvent extends RequestFacts {
  /** The reason. */
  readonly code: ErrorCode;
  /** The HTTP status that belongs to the code. */
  readonly status: number;
  /** True if the request passed all the same: `auth.enforce` is `report`. Else left out. */
  readonly reported?: true;
  /**
   * The user for whom a wrong password was given, if there is such a user. Any other name is left
   * out: people type their password where the name belongs.
   */
  readonly user?: string | undefined;
}

/** A user asked for something that they may not do. */
export interface ForbiddenEvent extends RequestFacts {
  /** `ERR_KAUTH_FORBIDDEN`, `ERR_KAUTH_FORBIDDEN_DATABASE` or `ERR_KAUTH_ESCALATION`. */
  readonly code: ErrorCode;
  /** The HTTP status that belongs to the code. */
  readonly status: number;
  /** True if the request passed all the same: `auth.enforce` is `report`. Else left out. */
  readonly reported?: true;
  /** The user's name. */
  readonly user?: string | undefined;
}

/**
 * A request that had been let in was ended, since its user may no longer be there. Whether it was
 * ended is up to the listener of `auth.onRevoked`; the gateway ends it.
 */
export interface RevokedEvent extends RequestFacts {
  /** The reason: the code that a new request would be refused with. */
  readonly code: ErrorCode;
  /** The HTTP status that belongs to the code. */
  readonly status: number;
  /** The user's name. */
  readonly user?: string | undefined;
  /** Milliseconds that the request was watched. */
  readonly ms: number;
}

/** The rights of a user. */
export interface UserGrants {
  /** `admin` if the user may do everything. */
  readonly type: UserType;
  /** The permissions granted, in Kapacitor's terms. */
  readonly permissions: readonly Permission[];
  /** The grants beside them, such as `write:database/telegraf`; left out if there are none. */
  readonly grants?: readonly string[];
  /** True if the user can't log in; else left out. */
  readonly disabled?: true;
}

/** A property of a user that can change. */
export type UserField =
  'type' | 'permissions' | 'grants' | 'disabled' | 'sessions' | 'password' | 'name';

/**
 * A user was created, changed, renamed or deleted through the `users` of this middleware; not by
 * another process.
 */
export interface UserChangedEvent {
  /** The user's name; of a renamed user, the old one. */
  readonly user: string;
  /** The kind of change. */
  readonly change: 'created' | 'updated' | 'renamed' | 'deleted';
  /** The new name of a renamed user; else undefined. */
  readonly renamedTo?: string | undefined;
  /** The properties that differ now; never the password itself or its hash. */
  readonly fields: readonly UserField[];
  /** The rights of the user before; undefined if the user was created. */
  readonly before?: UserGrants | undefined;
  /** The rights of the user now; undefined if the user was deleted. */
  readonly after?: UserGrants | undefined;
  /** The user who called the users API to make the change; undefined if code made it. */
  readonly actor?: string | undefined;
  /** The address of the client that made the change. */
  readonly address?: string | undefined;
}

/**
 * A subscription token was granted, taken over or revoked through the `subscriptions` of this
 * middleware; not by another process. The token is in no event.
 */
export interface SubscriptionChangedEvent {
  /** The kind of change. */
  readonly change: 'granted' | 'revoked';
  /** The id of the subscription; undefined if all of a database were revoked at once. */
  readonly id?: string | undefined;
  /** The database that it writes to; `''` for every database; undefined if it was damaged. */
  readonly database?: string | undefined;
  /** The only retention policy that it writes to; undefined for all of them. */
  readonly retentionPolicy?: string | undefined;
  /** The name of the InfluxDB that pushes with it. */
  readonly cluster?: string | undefined;
  /** The user who made the change on a page; undefined if code made it. */
  readonly actor?: string | undefined;
  /** The address of the client that made the change. */
  readonly address?: string | undefined;
}

/** The details of each event, by its name. */
export interface KapacitorAuthEvents {
  /** A request was let in. */
  readonly authenticated: AuthenticatedEvent;
  /** A request was not let in. */
  readonly rejected: RejectedEvent;
  /** A user asked for something that they may not do. */
  readonly forbidden: ForbiddenEvent;
  /** A user was created, changed, renamed or deleted. */
  readonly userChanged: UserChangedEvent;
  /** A subscription token was granted or revoked. */
  readonly subscriptionChanged: SubscriptionChangedEvent;
  /** A running request was ended. */
  readonly revoked: RevokedEvent;
}

/** The name of an event. */
export type EventName = keyof KapacitorAuthEvents;

/** A listener for the events of a name. */
export type EventListener<E extends EventName> = (event: KapacitorAuthEvents[E]) => unknown;

/** Adds or removes a listener. */
export type Subscribe = <E extends EventName>(event: E, listener: EventListener<E>) => void;
