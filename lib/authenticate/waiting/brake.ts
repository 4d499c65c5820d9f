/** Holds some lanes of a queue back, all of them together. */
export interface Brake {
  /** Jobs of those lanes that run at a time. */
  readonly most: number;
  /** Returns true if a lane is held back now. */
  holds(lane: string): boolean;
  /**
   * Milliseconds for which no job of those lanes starts after one that took this many. It is asked
   * once, at the end of each of their jobs.
   */
  restAfter(took: number): number;
}
