import { closeSync, openSync } from 'node:fs';
import { KapacitorDbError } from '../errors.js';
import { systemErrorCode } from '../system-error.js';
import type { ByteSource } from './bolt/byte-source.js';
import { fileSource, memorySource } from './bolt/byte-source.js';
import { Damage } from './damage.js';
import type { KapacitorDbContent } from './read-snapshot.js';
import { readSnapshot, TRIES } from './read-snapshot.js';

/**
 * Reads the users of a kapacitor.db, or of a file that `kapacitor backup` wrote. Kapacitor may be
 * running: the file is only read, without a lock, and what is read is the state after one of its
 * transactions.
 *
 * @throws KapacitorDbError if the file can't be read, is no such database, is damaged, or never
 *   stands still
 */
export async function readKapacitorDb(path: string): Promise<KapacitorDbContent> {
  const descriptor = openFile(path);
  try {
    return await readSource(fileSource(descriptor), path);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Reads the users of a backup in memory, such as Kapacitor's answer to `GET /storage/backup`.
 *
 * @param origin - the name of the backup in errors
 * @throws KapacitorDbError
 */
export function readKapacitorBackup(
  bytes: Uint8Array,
  origin: string,
): Promise<KapacitorDbContent> {
  return readSource(memorySource(bytes), origin);
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** @throws KapacitorDbError */
async function readSource(source: ByteSource, origin: string): Promise<KapacitorDbContent> {
  const content = await readSnapshot(source).catch((error: unknown) => {
    if (error instanceof Damage) throw damaged(origin, error);
    if (systemErrorCode(error) !== undefined) throw unreadable(origin, error);
    throw error;
  });
  if (content !== undefined) return content;
  throw new KapacitorDbError(
    `${origin} was changed by Kapacitor during each of ${String(TRIES)} readings: make a copy with "kapacitor backup FILE" and import that`,
  );
}

function damaged(origin: string, { message, page }: Damage): KapacitorDbError {
  const place = page === undefined ? '' : `page ${String(page)}: `;
  return new KapacitorDbError(
    `${origin} can't be read as a database of Kapacitor: ${place}${message}. If it is one, it is damaged, or was copied while Kapacitor ran: import what "kapacitor backup FILE" writes, or an earlier backup`,
    { page },
  );
}

function unreadable(origin: string, error: unknown): KapacitorDbError {
  const code = systemErrorCode(error) ?? 'unknown';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file; Kapacitor has it where [storage] boltdb of kapacitor.conf says',
    EACCES: 'it may not be read: run this as the user that Kapacitor runs as, or as root',
    EISDIR: 'it is a folder: name the file in it, such as kapacitor.db',
  };
  const reason = reasons[code] ?? `the system says ${code}`;
  return new KapacitorDbError(`${origin} can't be read: ${reason}`, { cause: error });
}
