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
export async function promptPassword({ stdin, stderr }: Terminal, name?: string): Promise<string> {
  const lines = createInterface({
    input: stdin,
    output: new Nowhere(),
    terminal: true,
    historySize: 0,
  });
  const answers = lines[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string> => {
    stderr.write(question);
    const answer = await answers.next();
    stderr.write('\n');
    if (answer.done === true) throw new Error('no password was given');
    return answer.value;
  };
  try {
    const password = await ask(name === undefined ? 'Password: ' : `New password of ${name}: `);
    if ((await ask('The same again: ')) === password) return password;
    throw new Error('the two passwords differ');
  } finally {
    lines.close();
  }
}
