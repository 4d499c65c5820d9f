import { reasonOf } from './reason-of.js';

/**
 * Who is to blame: `connection` when the node can't be reached; `node` when it is broken; `slow` when it gave no answer in time, which
 * a stranger may bring about; `answer` when it works, but not for this question; `too large` likewise; `credentials` when it
 * refuses ours.
 */
export type MetaFailureKind =
  'connection' | 'node' | 'slow' | 'answer' | 'too large' | 'credentials';

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
  static from(error: unknown, kind: MetaFailureKind = 'node'): MetaFailure {
    return error instanceof MetaFailure ? error : new MetaFailure(kind, reasonOf(error));
  }
}
