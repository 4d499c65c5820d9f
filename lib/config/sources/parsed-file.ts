import type { PlainObject } from '../plain-object.js';

/** The content of a configuration file. */
export interface ParsedFile {
  readonly content: PlainObject;
  /** Values are text that stands for values. */
  readonly isText: boolean;
  /** The line of each `section` and `section.key`, if it is known. */
  readonly lines: ReadonlyMap<string, number>;
}

/**
 * The reason why a configuration file can't be parsed. It quotes nothing of the file: that may be a
 * secret.
 */
export interface SyntaxFault {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}
