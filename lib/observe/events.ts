import type { ErrorCode } from '../errors.js';
import type { Permission } from '../privileges/permission.js';
import type { UserType } from '../privileges/user.js';

/** What an event says of a request; never its query, headers or body, where credentials are. */
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
 * A request was not let in or could not be judged: by its `code` credentials were wrong, or the store or bcrypt had no answer. Where
 * `auth.passport` combines strategies, another one may have let it in nevertheless.
 */
export interface RejectedEvent extends RequestFacts {
  /** Why. */
  readonly code: ErrorCode;
  /** The HTTP status that belongs to the code. */
  readonly status: number;
  /**
   * The user for whom a wrong password was given, where there is such a user. Any other name is left out: people type their
   * password where the name belongs.
   */
  readonly user?: string | undefined;
}

/** A user asked for something that it may not do. */
export interface ForbiddenEvent extends RequestFacts {
  /** `ERR_KAUTH_FORBIDDEN`, `ERR_KAUTH_FORBIDDEN_DATABASE` or `ERR_KAUTH_ESCALATION`. */
  readonly code: ErrorCode;
  /** The HTTP status that belongs to the code. */
  readonly status: number;
  /** The user's name. */
  readonly user?: string | undefined;
}

/** What a user was granted. */
export interface UserGrants {
  /** Whether the user may do everything. */
  readonly type: UserType;
  /** What was granted, in Kapacitor's terms. */
  readonly permissions: readonly Permission[];
}

/** What of a user can change. */
export type UserField = 'type' | 'permissions' | 'password';

/** A user was created, changed or deleted through this middleware's `users`; not by another process. */
export interface UserChangedEvent {
  /** The user's name. */
  readonly user: string;
  /** What was done. */
  readonly change: 'created' | 'updated' | 'deleted';
  /** What is different now; never the password itself or its hash. */
  readonly fields: readonly UserField[];
  /** What the user was granted before; undefined when it was created. */
  readonly before?: UserGrants | undefined;
  /** What it is granted now; undefined when it was deleted. */
  readonly after?: UserGrants | undefined;
  /** Who made the change: the user who called the users API; undefined where code did by itself. */
  readonly actor?: string | undefined;
  /** The address of who made the change. */
  readonly address?: string | undefined;
}

/** What is told, by the name of the event. */
export interface KapacitorAuthEvents {
  /** A request was let in. */
  readonly authenticated: AuthenticatedEvent;
  /** A request was not let in. */
  readonly rejected: RejectedEvent;
  /** A user asked for something that it may not do. */
  readonly forbidden: ForbiddenEvent;
  /** A user was created, changed or deleted. */
  readonly userChanged: UserChangedEvent;
}

/** The name of an event. */
export type EventName = keyof KapacitorAuthEvents;

/** Is told of events of a name. */
export type EventListener<E extends EventName> = (event: KapacitorAuthEvents[E]) => unknown;

/** Adds or removes a listener. */
export type Subscribe = <E extends EventName>(event: E, listener: EventListener<E>) => void;
