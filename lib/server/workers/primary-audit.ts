import type { AuditTrail, HeardEvent, RecentEvent, RecentEventsQuery } from '../../index.js';
import { StoreUnavailableError } from '../../index.js';
import { readKeptEvents } from './kept-events.js';
import type { Line } from './line.js';
import type { ToPrimary } from './questions.js';

/** Milliseconds for the primary to show what it keeps. */
const LONGEST = 3_000;

/** Bytes that may wait to be sent; the lines of the audit log may be more. */
const MOST_UNSENT = 262_144;

/** Keeps the refusals and changes in the primary, for all workers together. */
export class PrimaryAudit implements AuditTrail {
  readonly #line: Line;

  constructor(line: Line) {
    this.#line = line;
  }

  /** If too much waits to be sent, the event is lost here, and the audit log alone tells it. */
  add(event: HeardEvent): void {
    const notice: ToPrimary = { kind: 'heard', event };
    this.#line.tell(notice, 2 * JSON.stringify(event).length, MOST_UNSENT);
  }

  /** @throws StoreUnavailableError if the primary does not answer */
  async recent(query: RecentEventsQuery = {}): Promise<readonly RecentEvent[]> {
    const question: ToPrimary = { kind: 'recent', query };
    try {
      return readKeptEvents(await this.#line.ask(question, LONGEST));
    } catch (error) {
      throw new StoreUnavailableError('the last refusals and changes can not be read', {
        cause: error,
      });
    }
  }
}
