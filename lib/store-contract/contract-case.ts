/** One thing that a source or store must do; `run` rejects with an AssertionError when it doesn't. */
export interface ContractCase {
  /** A sentence about the store. */
  readonly name: string;
  /** Tries it on a store of its own, which it opens and closes. */
  readonly run: () => Promise<void>;
}

/** Sentences about a subject, each with how it is tried on a subject that is open and holds nothing else. */
export type Clauses<Subject> = Readonly<Record<string, (subject: Subject) => Promise<void>>>;
