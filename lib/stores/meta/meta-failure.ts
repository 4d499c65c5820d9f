import { reasonOf } from '../rules/reason-of.js';

/**
 * The cause of a failure. `connection`: the node can't be reached. `node`: it is broken. `slow`: it
 * gave no answer in time, which a stranger may bring about. `answer` and `too large`: it works, but
 * not for this question. `credentials`: it refuses ours.
 */
export type MetaFailureKind =
  'connection' | 'node' | 'slow' | 'answer' | 'too large' | 'credentials';

/**
 * A meta node gave no usable answer. The message completes "meta node X: …". It never holds a path
 * with its query nor any part of a response, as both may hold a password or a hash. For the same
 * reason there is no `cause`.
 */
export class MetaFailure extends Error {
  readonly kind: MetaFailureKind;

  constructor(kind: MetaFailureKind, message: string) {
    super(message);
    this.name = 'MetaFailure';
    this.kind = kind;
  }

  /** Turns an error of the network, of TLS or of a file into a failure. */
  static from(error: unknown, kind: MetaFailureKind = 'node'): MetaFailure {
    return error instanceof MetaFailure ? error : new MetaFailure(kind, reasonOf(error));
  }
}
