import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { unlessMissing } from './failure.js';

/** Resolves the path of a file, whether it exists or not: the same for all links to it. */
export async function realPathOf(path: string): Promise<string> {
  const found = await unlessMissing(realpath(path));
  if (found !== undefined) return found;
  const target = await readlink(path).catch(() => undefined);
  if (target !== undefined) return realPathOf(resolve(dirname(path), target));
  return join(await realpath(dirname(path)), basename(path));
}
