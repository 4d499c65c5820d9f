import type { Command } from 'commander';
import { askPassword } from '../prompt-password.js';
import { AT_A_TERMINAL, readPasswordLine } from '../read-password-line.js';
import type { Terminal } from '../terminal.js';
import type { BackupRequest } from './ask-backup.js';

/** The options of `users import` about a running Kapacitor. */
export interface BackupOptions {
  readonly from?: string;
  readonly user?: string;
  readonly passwordStdin?: true;
}

/**
 * Understands the address of a Kapacitor. What is wrong with one is said without showing it, since
 * it may hold a password.
 *
 * @throws CommanderError
 */
export function kapacitorUrl(value: string, command: Command): URL {
  const isHttp = /^https?:\/\/[^\s]+$/i.test(value) && URL.canParse(value);
  const url = isHttp ? new URL(value) : undefined;
  if (url !== undefined && url.username + url.password !== '') {
    command.error(
      'error: --from takes no name and password in the address, which others can see: say --user NAME',
    );
  }
  if (url?.pathname !== '/' || url.search !== '' || url.hash !== '') {
    command.error('error: --from takes http:// or https:// with host and port, and no more');
  }
  return url;
}

/**
 * Asks for the password of a Kapacitor's user, or reads it, if a name is given.
 *
 * @throws CommanderError if there is nowhere to get it from
 */
export async function backupRequest(
  url: URL,
  { user, passwordStdin }: BackupOptions,
  command: Command,
  terminal: Terminal,
): Promise<BackupRequest> {
  if (user === undefined) {
    if (passwordStdin === true) command.error('error: --password-stdin goes with --user');
    return { url };
  }
  if (user === '' || user.includes(':')) {
    command.error('error: --user takes the name of a user of Kapacitor, without a colon');
  }
  const ask = passwordReader(command, terminal, {
    isPiped: passwordStdin === true,
    question: `Password of ${user} at ${url.host}: `,
  });
  return { url, user: { name: user, password: await ask() } };
}

/** Says that others on the way can read along, if they can. */
export function warnOfPlainHttp({ protocol, hostname, origin }: URL, { stderr }: Terminal): void {
  if (protocol === 'https:' || /^(localhost|\[::1\]|127(\.\d+){3})$/.test(hostname)) return;
  stderr.write(
    `kapacitor-auth: ${origin} is not encrypted: the password and all hashes cross the network as they are\n`,
  );
}

interface Asking {
  readonly isPiped: boolean;
  readonly question: string;
}

/** @throws CommanderError if there is nowhere to get a password from */
function passwordReader(
  command: Command,
  terminal: Terminal,
  { isPiped, question }: Asking,
): () => Promise<string> {
  const isAtTerminal = terminal.stdin.isTTY === true;
  if (isPiped && isAtTerminal) command.error(`error: ${AT_A_TERMINAL}`);
  if (isPiped) return () => readPasswordLine(terminal);
  if (isAtTerminal) return () => askPassword(terminal, question);
  command.error(
    'error: there is no terminal to ask for the password at: give it on standard input with --password-stdin',
  );
}
