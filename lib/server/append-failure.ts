import { accessSync, closeSync, constants, openSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve, sep } from 'node:path';
import { systemErrorCode } from '../system-error.js';

const { W_OK, X_OK, O_APPEND, O_NONBLOCK, O_WRONLY } = constants;

/** Links in a row that the system follows (path_resolution(7)). */
const MAX_LINKS = 40;

/**
 * Returns the system's code of the failure with which a file can't be opened for appending lines,
 * without making it.
 *
 * @returns undefined if it can be opened, or made
 */
export function appendFailure(path: string): string | undefined {
  try {
    closeSync(openSync(path, O_WRONLY | O_APPEND | O_NONBLOCK));
    return undefined;
  } catch (error) {
    const code = systemErrorCode(error) ?? 'an unknown error';
    // Nobody reads the pipe now.
    if (code === 'ENXIO') return undefined;
    return code === 'ENOENT' || code === 'ENOTDIR' ? creationFailure(path) : code;
  }
}

function creationFailure(path: string): string | undefined {
  try {
    let target = path;
    for (let links = 0; links <= MAX_LINKS; links += 1) {
      // `join` and `resolve` would go up from a link as if it were a folder.
      const folder = realpathSync(dirname(target));
      const place = resolve(folder, basename(target));
      const linked = linkAt(place);
      if (linked === undefined) {
        accessSync(`${folder}${sep}.`, W_OK | X_OK);
        return target.endsWith('/') || target.endsWith(sep) ? 'EISDIR' : undefined;
      }
      target = linked.startsWith(sep) ? linked : `${folder}${sep}${linked}`;
    }
    return 'ELOOP';
  } catch (error) {
    return systemErrorCode(error) ?? 'an unknown error';
  }
}

function linkAt(place: string): string | undefined {
  try {
    return readlinkSync(place);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === 'ENOENT' || code === 'EINVAL') return undefined;
    throw error;
  }
}
