import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { unlessMissing } from './failure.js';

/** Links that are followed, one after another; Linux itself follows as many. */
const MOST_LINKS = 40;

/**
 * Resolves the path of a file, whether it exists or not: the same for all links to it.
 *
 * @throws Error (`ELOOP`) if too many links lead to it; that of the system if its folder is missing
 */
export async function realPathOf(path: string): Promise<string> {
  let place = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const found = await unlessMissing(realpath(place));
    if (found !== undefined) return found;
    const folder = await realpath(dirname(place));
    const file = join(folder, basename(place));
    const target = await readlink(file).catch(() => undefined);
    if (target === undefined) return file;
    // Not join(): it takes away `..` together with a link before it, or a folder that is missing.
    place = isAbsolute(target) ? target : `${folder}/${target}`;
  }
  throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
}
