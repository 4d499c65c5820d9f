/** The exit code of a command that did its work for a part of the users. */
export const INCOMPLETE = 3;

/** Ends a command that has printed everything itself, with an exit code other than 0. */
export class ExitStatus extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit code ${String(exitCode)}`);
    this.exitCode = exitCode;
  }
}
