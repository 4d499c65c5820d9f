/** A case of the contract; `run` rejects with an AssertionError if the source or store fails it. */
export interface ContractCase {
  /** A sentence about the store. */
  readonly name: string;
  /** Runs the case on a store of its own, which it opens and closes. */
  readonly run: () => Promise<void>;
}

/** Sentences about a subject, each with a function that tests it on an open and empty subject. */
export type Clauses<Subject> = Readonly<Record<string, (subject: Subject) => Promise<void>>>;
