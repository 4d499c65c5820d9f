import type { UserInfo } from '../../index.js';
import { printJson } from '../print-json.js';
import type { Terminal } from '../terminal.js';

/** The outcome of a command that set a password. */
export interface SetPassword {
  /** The outcome in words. */
  readonly said: string;
  readonly user: UserInfo;
  /** The password, if it was generated: nobody else knows it. */
  readonly password: string | undefined;
  readonly json: true | undefined;
}

/** Tells of a new password, and shows it once if it was generated: to standard output only. */
export function tellPassword(
  { stdout }: Terminal,
  { said, user, password, json }: SetPassword,
): void {
  if (json === true) printJson(stdout, { ...user, ...(password !== undefined && { password }) });
  else stdout.write(password === undefined ? `${said}\n` : `${said}\npassword: ${password}\n`);
}
