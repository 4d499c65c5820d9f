import type { ServerResponse } from 'node:http';

/** Number of responses below which finished ones stay in the list. */
const FEW = 64;

/**
 * The responses that are still running. Tracking them costs next to nothing: nothing listens to a
 * response. Finished ones leave when the list is twice as long as it was after the last clean-up.
 */
export class RunningResponses {
  #responses: ServerResponse[] = [];
  #limit = FEW;

  add(response: ServerResponse): void {
    if (this.#responses.length >= this.#limit) {
      this.#responses = this.#responses.filter(isRunning);
      this.#limit = Math.max(FEW, 2 * this.#responses.length);
    }
    this.#responses.push(response);
  }

  list(): readonly ServerResponse[] {
    return this.#responses.filter(isRunning);
  }
}

function isRunning(response: ServerResponse): boolean {
  return !response.writableFinished && !response.destroyed;
}
