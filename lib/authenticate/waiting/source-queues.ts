import { OverloadedError } from '../../errors.js';
import { LaneQueue } from './lane-queue.js';

/** Questions that a source is asked at a time, and those of one address. */
const LOOK_UPS = { concurrency: 32, perLane: 8, waiting: 512, patience: 2000 };

/** A directory may take long to refuse a password, and must not be flooded with them. */
const VERIFICATIONS = { concurrency: 16, perLane: 4, waiting: 128, patience: 5000 };

/** Where users wait to be looked up, one lane a client address. */
export function lookUpQueue(): LaneQueue {
  return new LaneQueue({ ...LOOK_UPS, refusal });
}

/** Where passwords wait for a source that verifies them itself, one lane a client address. */
export function verificationQueue(): LaneQueue {
  return new LaneQueue({ ...VERIFICATIONS, refusal });
}

function refusal(): OverloadedError {
  return new OverloadedError('too many users are waiting to be looked up, try again');
}
