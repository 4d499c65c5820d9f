/** How long what others changed may stay unknown, in milliseconds. */
const OLD = 1_000;

/** When a store last looked for what others changed, by the clock of the wall: that goes on while a process or a machine stands still. */
export class LastLook {
  /** In milliseconds since 1970. */
  #at = Date.now();

  /** Whether it is so long ago that the store must look before it is believed. */
  get isOld(): boolean {
    return Math.abs(Date.now() - this.#at) > OLD;
  }

  /** Notes that the store looks now. */
  note(): void {
    this.#at = Date.now();
  }
}
