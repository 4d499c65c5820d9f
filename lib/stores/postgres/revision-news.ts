import type { UserChangeListener } from '../user-store.js';

/** Own changes whose notification is awaited; more are not told apart from others' changes. */
const MOST_OWN = 1_024;

/**
 * Puts together what is heard of changes: notifications, our own changes, and looks at the
 * revision. It tells who changed, or, whenever something may have been missed, that anybody may
 * have.
 */
export class RevisionNews {
  readonly #tell: UserChangeListener;
  readonly #own = new Set<number>();
  #known = NaN;
  #notified = NaN;

  constructor(tell: UserChangeListener) {
    this.#tell = tell;
  }

  /** Begins anew with this revision: what happened before is unknown. */
  restart(number: number): void {
    this.#known = number;
    this.#notified = number;
    this.#own.clear();
    this.#tell();
  }

  /** Takes a notification. */
  heard(number: number, name: string | undefined): void {
    this.#notified = number;
    const isOwn = this.#own.delete(number);
    const isNext = number === this.#known + 1;
    if (isNext || !isOwn) this.#known = number;
    if (!isOwn) this.#tell(isNext ? name : undefined);
  }

  /** Takes a change that we made ourselves. */
  made(number: number, name: string | undefined): void {
    const isPast = number <= this.#known;
    const isNext = number === this.#known + 1;
    if (!isPast) this.#known = number;
    if (!(number <= this.#notified)) this.#await(number);
    this.#tell(isPast || isNext ? name : undefined);
  }

  /** Takes the revision that was read just now. */
  seen(number: number): void {
    if (number === this.#known) return;
    this.#known = number;
    this.#tell();
  }

  #await(number: number): void {
    if (this.#own.size >= MOST_OWN) this.#own.clear();
    this.#own.add(number);
  }
}
