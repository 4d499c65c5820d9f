/** The truth about a name: the password that opens it, and as what. */
export type State<T> = T | undefined;

interface Period<T> {
  readonly state: State<T>;
  /** When the change to it was asked for; it may have been made at once. */
  readonly asked: Moment;
  /** When it was acknowledged: it has been made by then. Undefined until then, and for good if nobody can tell. */
  acknowledged: Moment | undefined;
}

/** A moment in the order of events, and in milliseconds. */
export interface Moment {
  readonly order: number;
  readonly time: number;
}

/** The moments of one test, in the order in which they are asked for. */
export class Clock {
  #order = 0;

  now(): Moment {
    this.#order += 1;
    return { order: this.#order, time: performance.now() };
  }
}

/** All that was ever true of one name, one change at a time. */
export class History<T> {
  readonly #periods: Period<T>[];

  constructor(state: State<T>, moment: Moment) {
    this.#periods = [{ state, asked: moment, acknowledged: moment }];
  }

  /** The truth once all that was asked for has been acknowledged. */
  get last(): State<T> {
    return this.#periods.at(-1)?.state;
  }

  /** A change is asked for; the function that is returned acknowledges it. */
  begin(state: State<T>, clock: Clock): () => void {
    const period: Period<T> = { state, asked: clock.now(), acknowledged: undefined };
    this.#periods.push(period);
    return () => {
      period.acknowledged = clock.now();
    };
  }

  /**
   * All that may have been true at some moment between two.
   *
   * @param patience - milliseconds for which what was true before still may be believed
   */
  between(from: Moment, to: Moment, patience = 0): readonly State<T>[] {
    return this.#periods
      .filter((period, index) => {
        const next = this.#periods[index + 1]?.acknowledged;
        const isOver =
          next !== undefined && next.order < from.order && next.time + patience < from.time;
        const isOverAtOnce = patience === 0 && next !== undefined && next.order < from.order;
        return period.asked.order < to.order && !(isOver || isOverAtOnce);
      })
      .map(({ state }) => state);
  }
}
