import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
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
    // A pipe that is opened and closed ends its reader.
    if (statSync(path).isFIFO()) accessSync(path, W_OK);
    else closeSync(openSync(path, O_WRONLY | O_APPEND | O_NONBLOCK));
    return undefined;
  } catch (error) {
    const code = systemErrorCode(error) ?? 'an unknown error';
    return code === 'ENOENT' || code === 'ENOTDIR' ? creationFailure(path) : code;
  }
}

function creationFailure(path: string): string | undefined {
  try {
    let target = path;
    let isNamedAsFolder = false;
    for (let links = 0; links <= MAX_LINKS; links += 1) {
      isNamedAsFolder ||= target.endsWith('/') || target.endsWith(sep);
      // All but the system's own would go up from a link, or from nothing, as if it were a folder.
      const folder = realpathSync.native(dirname(target));
      const place = resolve(folder, basename(target));
      const linked = linkAt(place);
      if (linked === undefined) {
        accessSync(`${folder}${sep}.`, W_OK | X_OK);
        return isNamedAsFolder ? 'EISDIR' : undefined;
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
