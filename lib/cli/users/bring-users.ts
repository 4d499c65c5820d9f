import { open } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { isKapacitorDb, readKapacitorBackup, readKapacitorDb } from '../../index.js';
import { fileReason } from '../file-reason.js';
import type { Terminal } from '../terminal.js';
import type { Brought } from './file-users.js';
import { kapacitorUsers } from './kapacitor-users.js';
import { parseFileUsers } from './user-file.js';

/** The beginning of a file by which a database is known, in bytes: its largest page and a head. */
const HEAD = 65_536 + 64;

/**
 * Reads users from a file, or from standard input if its name is `-`: an htpasswd, an export, or a
 * database of Kapacitor, which may be in use.
 *
 * @throws Error; KapacitorDbError
 */
export async function bringUsers(file: string, { stdin }: Terminal): Promise<Brought> {
  if (file === '-') return understand(await buffer(stdin), 'standard input');
  const content = await readFile(file).catch((error: unknown) => {
    const reason = fileReason(error);
    throw new Error(`${file} can't be read: ${reason}${advice(file, reason)}`);
  });
  if (content === 'kapacitor') return kapacitorUsers(await readKapacitorDb(file));
  return understand(content, file);
}

/** Returns the bytes of a file; `kapacitor` for a database, which is not read at once. */
async function readFile(path: string): Promise<Uint8Array | 'kapacitor'> {
  const file = await open(path);
  try {
    const isPlain = (await file.stat()).isFile();
    if (isPlain) {
      const { buffer: head, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
      if (isKapacitorDb(head.subarray(0, bytesRead))) return 'kapacitor';
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Says more about a file that is named as databases of Kapacitor are. */
function advice(file: string, reason: string): string {
  if (!file.endsWith('.db')) return '';
  if (reason.startsWith('ENOENT')) {
    return '; Kapacitor has its database at "boltdb" in [storage] of kapacitor.conf';
  }
  return reason.startsWith('EACCES')
    ? "; Kapacitor's database can be read by the user that Kapacitor runs as, and by root"
    : '';
}

async function understand(bytes: Uint8Array, origin: string): Promise<Brought> {
  if (!isKapacitorDb(bytes)) return parseFileUsers(bytes);
  return kapacitorUsers(await readKapacitorBackup(bytes, origin));
}
