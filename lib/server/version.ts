import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const manifest: unknown = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));

/** The version of this package. */
export const VERSION: string = versionOf(manifest);

function versionOf(read: unknown): string {
  const isNamed = typeof read === 'object' && read !== null && 'version' in read;
  if (isNamed && typeof read.version === 'string') return read.version;
  throw new Error('package.json has no version');
}
