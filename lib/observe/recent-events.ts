import type { MaybePromise } from '../maybe-promise.js';
import type { HeardEvent } from './heard-event.js';
import { asHeard } from './heard-event.js';

/** The events that are kept. */
const MOST = 1_000;

/** An event that is kept. */
export interface RecentEvent extends HeardEvent {
  /** Its number; a later event has a higher one. */
  readonly id: number;
}

/** The choice of events. */
export interface RecentEventsQuery {
  /** Only those that name this user: it was refused, was changed, got the name, or acted. */
  readonly user?: string | undefined;
  /** Only those from this address. */
  readonly address?: string | undefined;
  /** Only those that are older than the event with this number. */
  readonly before?: number | undefined;
  /** The most that are wanted; all that are kept if left out. */
  readonly limit?: number | undefined;
}

/** Keeps refusals and changes, to be shown. */
export interface AuditTrail {
  /** Keeps an event, in place of the oldest if there are too many. */
  add(event: HeardEvent): void;
  /** Returns the events that are kept, the newest first. */
  recent(query?: RecentEventsQuery): MaybePromise<readonly RecentEvent[]>;
}

/** The last 1,000 refusals and changes, in the memory of this process. */
export class RecentEvents implements AuditTrail {
  /** A ring: the event with number `n` is at `n % MOST`. */
  readonly #ring: RecentEvent[] = [];
  #count = 0;

  add(event: HeardEvent): void {
    this.#ring[this.#count % MOST] = Object.freeze({ ...event, id: this.#count });
    this.#count += 1;
  }

  recent({ user, address, before, limit = MOST }: RecentEventsQuery = {}): readonly RecentEvent[] {
    const name = user === undefined ? undefined : asHeard(user);
    const found: RecentEvent[] = [];
    const oldest = Math.max(0, this.#count - MOST);
    const newest = Math.min(this.#count, before ?? this.#count) - 1;
    for (let id = newest; id >= oldest && found.length < limit; id -= 1) {
      const event = this.#ring[id % MOST];
      if (event !== undefined && names(event, name) && isFrom(event, address)) found.push(event);
    }
    return Object.freeze(found);
  }
}

function names({ user, actor, renamedTo }: RecentEvent, name: string | undefined): boolean {
  return name === undefined || [user, actor, renamedTo].includes(name);
}

function isFrom(event: RecentEvent, address: string | undefined): boolean {
  return address === undefined || plain(event.address) === plain(address);
}

/** An IPv4 address, as a socket that takes both kinds shows it, is the same address. */
function plain(address: string | undefined): string | undefined {
  return address?.replace(/^::ffff:(?=[\d.]+$)/i, '');
}
