/** Milliseconds for which changes by others may stay unknown. */
const OLD = 1_000;

/**
 * The time at which a store last looked for changes by others. It uses the wall clock, which goes
 * on while a process or a machine stands still.
 */
export class LastLook {
  /** In milliseconds since 1970. */
  #at = Date.now();

  /** True if the store must look before it is believed. */
  get isOld(): boolean {
    return Math.abs(Date.now() - this.#at) > OLD;
  }

  /** Notes that the store looks now. */
  note(): void {
    this.#at = Date.now();
  }
}
