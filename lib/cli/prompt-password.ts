import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Terminal } from './terminal.js';

/** Swallows the echo of readline. */
class Nowhere extends Writable {
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}

/**
 * Asks a person for a new password, twice and without showing it.
 *
 * @param name - the user of the password, if any
 * @throws Error if the two differ, or if the person gives up
 */
export async function promptPassword(terminal: Terminal, name?: string): Promise<string> {
  const question = name === undefined ? 'Password: ' : `New password of ${name}: `;
  const [password = '', again] = await askHidden(terminal, [question, 'The same again: ']);
  if (again === password) return password;
  throw new Error('the two passwords differ');
}

/**
 * Asks a person for a password that exists, without showing it.
 *
 * @throws Error if the person gives up
 */
export async function askPassword(terminal: Terminal, question: string): Promise<string> {
  const [password = ''] = await askHidden(terminal, [question]);
  return password;
}

/** @throws Error if the person gives up */
async function askHidden(
  { stdin, stderr }: Terminal,
  questions: readonly string[],
): Promise<readonly string[]> {
  const lines = createInterface({
    input: stdin,
    output: new Nowhere(),
    terminal: true,
    historySize: 0,
  });
  const answers = lines[Symbol.asyncIterator]();
  const given: string[] = [];
  try {
    for (const question of questions) {
      stderr.write(question);
      const answer = await answers.next();
      stderr.write('\n');
      if (answer.done === true) throw new Error('no password was given');
      given.push(answer.value);
    }
    return given;
  } finally {
    lines.close();
  }
}
