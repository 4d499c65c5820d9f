import type { ServerResponse } from 'node:http';

/** How many responses are kept at the least before it is looked which of them are over. */
const FEW = 64;

/**
 * The responses that are being made. It costs next to nothing while they are: nothing listens to a response, and those that are over
 * are left out whenever there are twice as many as there were running ones.
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
