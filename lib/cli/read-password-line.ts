import { buffer } from 'node:stream/consumers';
import type { Terminal } from './terminal.js';

/**
 * Reads a password from the first line of standard input.
 *
 * @throws Error when it is not UTF-8
 */
export async function readPasswordLine({ stdin }: Terminal): Promise<string> {
  const input = decodeUtf8(await buffer(stdin));
  return input.slice(0, input.search(/\r?\n|$/));
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('the password on standard input is not UTF-8');
  }
}
