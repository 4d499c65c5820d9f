import { reasonOf } from './reason-of.js';

/**
 * Who is to blame: `node` when it is down or broken; `answer` when it works, but not for this question; `credentials`
 * when it refuses ours.
 */
export type MetaFailureKind = 'node' | 'answer' | 'credentials';

/**
 * A meta node gave no answer that can be used. The message completes "meta node X: …". It never holds a path with its
 * query nor anything of a response: both may hold a password or a hash. For the same reason there is no `cause`.
 */
export class MetaFailure extends Error {
  readonly kind: MetaFailureKind;

  constructor(kind: MetaFailureKind, message: string) {
    super(message);
    this.name = 'MetaFailure';
    this.kind = kind;
  }

  /** The failure that an error of the network, of TLS or of a file amounts to. */
  static from(error: unknown): MetaFailure {
    return error instanceof MetaFailure ? error : new MetaFailure('node', reasonOf(error));
  }
}
