import type { PlainObject } from '../plain-object.js';

/** What a configuration file says. */
export interface ParsedFile {
  readonly content: PlainObject;
  /** Whether values are text that stands for values. */
  readonly isText: boolean;
  /** The line of each `section` and `section.key`, where it is known. */
  readonly lines: ReadonlyMap<string, number>;
}

/** Why a configuration file can't be read, without a word of what it says: that may be a secret. */
export interface SyntaxFault {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}
