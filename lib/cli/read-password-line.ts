import type { Terminal } from './terminal.js';

/** The reason why nothing is read at a terminal. */
export const AT_A_TERMINAL =
  'standard input is a terminal, which would show the password: leave out --password-stdin to be asked for it';

/** In bytes: longer than any password, and a bound for endless input. */
const LONGEST_LINE = 65_536;

/**
 * Reads a password from the first line of standard input, and does not wait for more.
 *
 * @throws Error if the line is too long or not UTF-8, or if standard input is a terminal, which
 * would show the password
 */
export async function readPasswordLine({ stdin }: Terminal): Promise<string> {
  if (stdin.isTTY === true) throw new Error(AT_A_TERMINAL);
  const line = decodeUtf8(await firstLine(stdin));
  return line.replace(/\r$/, '');
}

async function firstLine(stdin: Terminal['stdin']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.from(String(chunk));
    const end = bytes.indexOf('\n');
    chunks.push(end === -1 ? bytes : bytes.subarray(0, end));
    length += bytes.length;
    if (end !== -1) break;
    if (length > LONGEST_LINE)
      throw new Error('standard input holds no password: its first line is too long');
  }
  return Buffer.concat(chunks);
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('the password on standard input is not UTF-8');
  }
}
