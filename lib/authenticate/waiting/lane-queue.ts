import type { OverloadedError } from '../../errors.js';
import type { MaybePromise } from '../../maybe-promise.js';
import type { Brake } from './brake.js';

export interface LaneQueueLimits {
  /** Jobs that run at a time. */
  readonly concurrency: number;
  /** The jobs of a lane that run at a time; as many as `concurrency` when left out. */
  readonly perLane?: () => number;
  /** Holds some lanes back; none when left out. */
  readonly brake?: Brake;
  /** Jobs that may wait. */
  readonly waiting: number;
  /** Milliseconds that a job may wait; no limit when left out. */
  readonly patience?: number;
  /** Makes the error for a job that may wait no longer. */
  readonly refusal: () => OverloadedError;
}

interface Job {
  start(): void;
  refuse(): void;
}

/**
 * Runs jobs, a few at a time, and lets a bounded number wait. Jobs wait in lanes, one per client
 * address. Lanes take turns, so that a flood from one address doesn't hold up a login from another.
 * If the queue is full, the longest lane gives way.
 */
export class LaneQueue {
  readonly #limits: LaneQueueLimits;
  readonly #lanes = new Map<string, Job[]>();
  readonly #runningIn = new Map<string, number>();
  #running = 0;
  #waiting = 0;
  /** The end of the rest of lanes that are held back, in milliseconds of the steady clock. */
  #restsUntil = 0;
  /** Set while jobs wait for the end of a rest: a process does not end before they run. */
  #alarm: NodeJS.Timeout | undefined;

  constructor(limits: LaneQueueLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** True if the queue is full. Otherwise every lane has room. */
  get isFull(): boolean {
    return this.#waiting >= this.#limits.waiting;
  }

  /** Returns true if a lane in which jobs wait has no room for another. */
  isFullFor(lane: string): boolean {
    const waiting = this.#lanes.get(lane)?.length ?? 0;
    return this.isFull && waiting > 0 && this.#longest().length <= waiting + 1;
  }

  /**
   * Runs a job: at once if possible, else when its turn comes. Answers at once if the job runs and
   * answers at once.
   *
   * @throws OverloadedError if too many wait
   */
  run<T>(lane: string, job: () => MaybePromise<T>): MaybePromise<T> {
    // Lanes may be held back no longer since their jobs began to wait: they come first.
    if (this.#waiting > 0 && this.#mayStart(lane)) this.#startNext();
    if (this.#mayStart(lane)) {
      this.#begin(lane);
      return this.#finish(lane, job);
    }
    const turn = this.#turn(lane);
    this.#wakeAfterRest();
    return turn.then(() => this.#finish(lane, job));
  }

  #mayStart(lane: string): boolean {
    const { concurrency, perLane, brake } = this.#limits;
    if (this.#running >= concurrency) return false;
    if (perLane !== undefined && (this.#runningIn.get(lane) ?? 0) >= perLane()) return false;
    if (!brake?.holds(lane)) return true;
    return performance.now() >= this.#restsUntil && this.#runningHeldBack(brake) < brake.most;
  }

  /** Counted anew: lanes may be held back since their jobs began, or no longer. */
  #runningHeldBack(brake: Brake): number {
    let sum = 0;
    for (const [lane, running] of this.#runningIn) if (brake.holds(lane)) sum += running;
    return sum;
  }

  #begin(lane: string): void {
    this.#running += 1;
    this.#runningIn.set(lane, (this.#runningIn.get(lane) ?? 0) + 1);
  }

  #finish<T>(lane: string, job: () => MaybePromise<T>): MaybePromise<T> {
    const began = performance.now();
    let answer: MaybePromise<T>;
    try {
      answer = job();
    } catch (error) {
      this.#end(lane, began);
      throw error;
    }
    if (answer instanceof Promise) {
      return answer.finally(() => {
        this.#end(lane, began);
      });
    }
    this.#end(lane, began);
    return answer;
  }

  #end(lane: string, began: number): void {
    this.#running -= 1;
    const running = (this.#runningIn.get(lane) ?? 0) - 1;
    if (running > 0) this.#runningIn.set(lane, running);
    else this.#runningIn.delete(lane);
    this.#rest(lane, began);
    this.#startNext();
  }

  #rest(lane: string, began: number): void {
    const { brake } = this.#limits;
    if (!brake?.holds(lane)) return;
    const now = performance.now();
    this.#restsUntil = Math.max(this.#restsUntil, now + brake.restAfter(now - began));
  }

  #turn(lane: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const { patience, refusal } = this.#limits;
      const jobs = this.#lanes.get(lane) ?? [];
      if (this.isFull && !this.#dropFromLaneLongerThan(jobs.length)) {
        reject(refusal());
        return;
      }
      const giveUp = (): void => {
        this.#giveUp(lane, job);
      };
      const timer = patience === undefined ? undefined : setTimeout(giveUp, patience).unref();
      const job = {
        start: () => {
          clearTimeout(timer);
          resolve();
        },
        refuse: () => {
          clearTimeout(timer);
          reject(refusal());
        },
      };
      jobs.push(job);
      this.#lanes.set(lane, jobs);
      this.#waiting += 1;
    });
  }

  #giveUp(lane: string, job: Job): void {
    const jobs = this.#lanes.get(lane) ?? [];
    const left = jobs.filter((other) => other !== job);
    if (left.length === jobs.length) return;
    if (left.length > 0) this.#lanes.set(lane, left);
    else this.#lanes.delete(lane);
    this.#waiting -= 1;
    job.refuse();
  }

  #longest(): Job[] {
    let longest: Job[] = [];
    for (const jobs of this.#lanes.values()) if (jobs.length > longest.length) longest = jobs;
    return longest;
  }

  #dropFromLaneLongerThan(length: number): boolean {
    const longest = this.#longest();
    if (longest.length <= length + 1) return false;
    longest.pop()?.refuse();
    this.#waiting -= 1;
    return true;
  }

  /** Starts as many as may run: a lane may be held back no longer. */
  #startNext(): void {
    while (this.#startOne()) continue;
    this.#wakeAfterRest();
  }

  /** At the end of a rest nothing else may come that starts those who wait. */
  #wakeAfterRest(): void {
    const until = this.#restsUntil;
    if (this.#waiting === 0 || until === 0 || this.#alarm !== undefined) return;
    // It may have ended since somebody was told to wait for it.
    const rest = Math.max(0, until - performance.now());
    this.#alarm = setTimeout(() => {
      this.#alarm = undefined;
      // The alarm is the end of it, whatever the clock says.
      if (this.#restsUntil === until) this.#restsUntil = 0;
      this.#startNext();
    }, Math.ceil(rest));
  }

  /** Returns true if a job was started. */
  #startOne(): boolean {
    for (const [lane, jobs] of this.#lanes) {
      if (!this.#mayStart(lane)) continue;
      // The lane goes behind all other lanes; it ends if this was its last job.
      this.#lanes.delete(lane);
      const job = jobs.shift();
      if (jobs.length > 0) this.#lanes.set(lane, jobs);
      if (job === undefined) return false;
      this.#waiting -= 1;
      this.#begin(lane);
      job.start();
      return true;
    }
    return false;
  }
}
