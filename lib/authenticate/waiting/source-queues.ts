import { OverloadedError } from '../../errors.js';
import { LaneQueue } from './lane-queue.js';

/** Limits of look-ups: at a time, of one address, waiting, and milliseconds of waiting. */
const LOOK_UPS = { concurrency: 32, perLane: () => 8, waiting: 512, patience: 2000 };

/** The same for passwords. A directory may take long to refuse one, and must not be flooded. */
const VERIFICATIONS = { concurrency: 16, perLane: () => 4, waiting: 128, patience: 5000 };

/** The queue for look-ups of users, one lane per client address. */
export function lookUpQueue(): LaneQueue {
  return new LaneQueue({ ...LOOK_UPS, refusal });
}

/** The queue for passwords that the source verifies itself, one lane per client address. */
export function verificationQueue(): LaneQueue {
  return new LaneQueue({ ...VERIFICATIONS, refusal });
}

function refusal(): OverloadedError {
  return new OverloadedError('too many users are waiting to be looked up, try again');
}
