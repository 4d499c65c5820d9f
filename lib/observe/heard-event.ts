import type {
  ForbiddenEvent,
  RejectedEvent,
  RevokedEvent,
  SubscriptionChangedEvent,
  UserChangedEvent,
  UserGrants,
} from './events.js';
import type { Observable } from './observable.js';

/** Characters that are kept of a text, and of one in a list; and how many a list may have. */
const LONGEST = 512;
const LONGEST_LISTED = 128;
const MOST_LISTED = 16;

/** Stands for what was cut off. */
const CUT = '...';

/** The rights of a user in an event. */
export interface HeardGrants {
  /** `admin` or `normal`. */
  readonly type: string;
  /** The permissions granted. */
  readonly permissions: readonly string[];
  /** The grants beside them; left out if there are none. */
  readonly grants?: readonly string[] | undefined;
  /** True if the user can't log in. */
  readonly disabled?: boolean | undefined;
}

/** The subscription of an event; see {@link SubscriptionChangedEvent}. */
export type HeardSubscription = Pick<
  SubscriptionChangedEvent,
  'id' | 'database' | 'retentionPolicy' | 'cluster'
>;

/**
 * The part of an event that is kept to be shown later. Long texts and lists are cut, and then end
 * in `...`.
 */
export interface HeardEvent {
  /** The time, in milliseconds since 1970. */
  readonly at: number;
  /** The name of the event. */
  readonly event: 'rejected' | 'forbidden' | 'userChanged' | 'subscriptionChanged' | 'revoked';
  /** The user whom it is about; the old name of one that was renamed. */
  readonly user?: string | undefined;
  /** The user who made a change. */
  readonly actor?: string | undefined;
  /** The client's address. */
  readonly address?: string | undefined;
  /** The HTTP method. */
  readonly method?: string | undefined;
  /** The path that was asked for, without its query. */
  readonly path?: string | undefined;
  /** The reason of a refusal, such as `ERR_KAUTH_FORBIDDEN`. */
  readonly code?: string | undefined;
  /** The HTTP status of a refusal. */
  readonly status?: number | undefined;
  /** True if the request passed, since refusals are only reported. */
  readonly reported?: boolean | undefined;
  /** The milliseconds that an ended request was watched. */
  readonly ms?: number | undefined;
  /** The kind of change. */
  readonly change?: UserChangedEvent['change'] | SubscriptionChangedEvent['change'] | undefined;
  /** The new name of a renamed user. */
  readonly renamedTo?: string | undefined;
  /** The properties that changed. */
  readonly fields?: readonly string[] | undefined;
  /** The rights of a changed user before. */
  readonly before?: HeardGrants | undefined;
  /** The rights of a changed user now. */
  readonly after?: HeardGrants | undefined;
  /** The subscription that was granted or revoked. */
  readonly subscription?: HeardSubscription | undefined;
}

/**
 * Passes on each refusal, each change of a user or subscription, and each running request that was
 * ended.
 *
 * @param now - the time, in milliseconds since 1970
 */
export function hearEvents(
  auth: Pick<Observable, 'on'>,
  hear: (event: HeardEvent) => void,
  now: () => number = Date.now,
): void {
  for (const event of ['rejected', 'forbidden', 'revoked'] as const) {
    auth.on(event, (told: RejectedEvent | ForbiddenEvent | RevokedEvent) => {
      hear(refusal(event, told, now()));
    });
  }
  auth.on('userChanged', (told) => {
    hear(change(told, now()));
  });
  auth.on('subscriptionChanged', (told) => {
    hear(subscriptionChange(told, now()));
  });
}

function refusal(
  event: HeardEvent['event'],
  told: RejectedEvent | ForbiddenEvent | RevokedEvent,
  at: number,
): HeardEvent {
  return Object.freeze({
    ...{ at, event, code: told.code, status: told.status },
    user: shown(told.user),
    address: shown(told.address),
    method: shown(told.method),
    path: shown(told.path),
    ...('reported' in told && { reported: told.reported }),
    ...('ms' in told && { ms: told.ms }),
  });
}

function change(told: UserChangedEvent, at: number): HeardEvent {
  return Object.freeze({
    ...{ at, event: 'userChanged' as const, change: told.change },
    user: shown(told.user),
    actor: shown(told.actor),
    address: shown(told.address),
    renamedTo: shown(told.renamedTo),
    fields: listed(told.fields),
    before: told.before && shownGrants(told.before),
    after: told.after && shownGrants(told.after),
  });
}

function subscriptionChange(told: SubscriptionChangedEvent, at: number): HeardEvent {
  const { id, database, retentionPolicy, cluster } = told;
  return Object.freeze({
    ...{ at, event: 'subscriptionChanged' as const, change: told.change },
    actor: shown(told.actor),
    address: shown(told.address),
    subscription: Object.freeze({
      id,
      database: shown(database),
      retentionPolicy: shown(retentionPolicy),
      cluster: shown(cluster),
    }),
  });
}

function shownGrants({ type, permissions, grants, disabled }: UserGrants): HeardGrants {
  return Object.freeze({
    type,
    permissions: listed(permissions),
    ...(grants && { grants: listed(grants) }),
    ...(disabled && { disabled }),
  });
}

function listed(texts: readonly string[]): readonly string[] {
  const kept = texts.slice(0, MOST_LISTED).map((text) => cut(text, LONGEST_LISTED));
  return Object.freeze(texts.length > MOST_LISTED ? [...kept, CUT] : kept);
}

function shown(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cut(text, LONGEST);
}

/** Cuts no character in two. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return text.slice(0, longest).replace(/[\ud800-\udbff]$/, '') + CUT;
}

/** The form in which an event holds this text. */
export function asHeard(text: string): string {
  return cut(text, LONGEST);
}
