import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { tally } from './runs.js';

/** True if this user may mount file systems, in a name space that ends with the process; the summary tells where not. */
export function mayMount(): boolean {
  const mount = ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()];
  const isAllowed = spawnSync('unshare', mount).status === 0;
  if (!isAllowed) tally('files of fault specs left out in part, as nothing may be mounted here', 1);
  return isAllowed;
}
