import { statSync } from 'node:fs';
import { readBoundedFile } from '../index.js';

/**
 * Reads a PEM file.
 *
 * @throws Error that says what is wrong with it
 */
export function readPem(path: string): string {
  const content = readBoundedFile(path);
  if (Buffer.isBuffer(content)) return content.toString();
  throw new Error(`${path} ${content.reason}`);
}

/**
 * Returns a text that changes when one of the files changes. It never throws: the reason why a file
 * can't be looked at is a part of the text.
 */
export function signatureOf(paths: readonly string[]): string {
  return paths.map((path) => (path === '' ? '' : stamp(path))).join(';');
}

function stamp(path: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(path);
    return [ino, size, mtimeMs].join();
  } catch (error) {
    return String(error);
  }
}
