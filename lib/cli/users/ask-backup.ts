import type { IncomingMessage } from 'node:http';
import { get as getPlain } from 'node:http';
import { get as getTls } from 'node:https';
import { isKapacitorDb } from '../../index.js';
import { backupFailure, refusedBackup } from './backup-failure.js';

/** A request to a running Kapacitor for its database. */
export interface BackupRequest {
  readonly url: URL;
  /** The administrator who asks; nobody, if Kapacitor asks for no credentials. */
  readonly user?: { readonly name: string; readonly password: string };
}

/** Bounds of an answer. */
export interface BackupBounds {
  /** The largest backup, in bytes. */
  readonly mostBytes: number;
  /** Milliseconds without a byte. */
  readonly silence: number;
  /** Milliseconds for all. */
  readonly total: number;
}

const PATH = '/kapacitor/v1/storage/backup';

const BOUNDS: BackupBounds = {
  mostBytes: 512 * 1024 * 1024,
  silence: 30_000,
  total: 15 * 60_000,
};

/**
 * Asks a Kapacitor for its database: `GET /kapacitor/v1/storage/backup`, which `kapacitor backup`
 * asks too. Redirects are not followed.
 *
 * @throws Error that says what to do; it holds no password
 */
export async function askBackup(
  { url, user }: BackupRequest,
  bounds: BackupBounds = BOUNDS,
): Promise<Uint8Array> {
  try {
    const bytes = await exchange(url, user, bounds);
    if (isKapacitorDb(bytes)) return bytes;
    throw new Error('its answer is no database of Kapacitor: is it one?');
  } catch (error) {
    throw backupFailure(url, error);
  }
}

function exchange(
  url: URL,
  user: BackupRequest['user'],
  bounds: BackupBounds,
): Promise<Uint8Array> {
  const credentials = user && Buffer.from(`${user.name}:${user.password}`).toString('base64');
  const headers = credentials === undefined ? {} : { authorization: `Basic ${credentials}` };
  const get = url.protocol === 'https:' ? getTls : getPlain;
  return new Promise<Uint8Array>((resolve, reject) => {
    const request = get(new URL(PATH, url), { agent: false, headers });
    const end = (reason: string): void => {
      reject(new Error(reason));
      request.destroy();
    };
    const late = setTimeout(end, bounds.total, `it took longer than ${seconds(bounds.total)}`);
    request
      .setTimeout(bounds.silence, () => {
        end(`nothing came for ${seconds(bounds.silence)}`);
      })
      .on('error', reject)
      // No answer comes then: without a listener the request would end in silence.
      .on('upgrade', ({ statusCode = 0 }, socket) => {
        reject(new Error(refusedBackup(statusCode, user?.name)));
        socket.destroy();
      })
      .on('response', (response) => {
        read(response, bounds, user?.name)
          .then(resolve, reject)
          .finally(() => request.destroy());
      })
      .on('close', () => {
        clearTimeout(late);
      });
  });
}

function seconds(milliseconds: number): string {
  return `${String(milliseconds / 1000)} seconds`;
}

/** @throws Error if the answer is not a whole backup */
async function read(
  response: IncomingMessage,
  { mostBytes }: BackupBounds,
  name: string | undefined,
): Promise<Uint8Array> {
  const { statusCode = 0, headers } = response;
  if (statusCode !== 200) throw new Error(refusedBackup(statusCode, name));
  const tooLarge = new Error(
    `it is larger than ${String(mostBytes)} bytes: let "kapacitor backup FILE" write it to a file, and import that`,
  );
  if (Number(headers['content-length'] ?? 0) > mostBytes) throw tooLarge;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
