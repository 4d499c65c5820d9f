import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { constants, open, stat } from 'node:fs/promises';
import { StoreUnavailableError } from '../../errors.js';
import { reasonOf } from './reason-of.js';

/** Paths of PEM files; empty if not set. Or the names of the options that set them. */
export interface TlsPaths {
  /** The only authorities that are trusted; empty for those that Node trusts. */
  readonly ca: string;
  /** Our certificate and its key, for servers that ask for one. */
  readonly cert: string;
  readonly key: string;
}

/** The checked content of the files; undefined if no file is set. */
export interface TlsMaterial {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Changes if a file does. */
  readonly mark: string;
  /**
   * The time at which our certificate, or the last authority, expires, in milliseconds of
   * `Date.now()`.
   */
  readonly expires: number;
}

/** More than the authorities of a system take, in bytes. */
const MOST_BYTES = 1_048_576;

/** A mark that changes if a file is changed or replaced; undefined if a file can't be looked at. */
export async function markOf({ ca, cert, key }: TlsPaths): Promise<string | undefined> {
  try {
    const paths = [ca, cert, key].filter((path) => path !== '');
    const marks = await Promise.all(
      paths.map(async (path) => statMark(await stat(path, { bigint: true }))),
    );
    return marks.join();
  } catch {
    return undefined;
  }
}

/** A file can't be used. The message names the option, the file and its problem. */
class UnusableFile extends Error {}

/**
 * Reads and checks the files.
 *
 * @param options - the names of the options that set the paths
 * @throws Error that names the option, the file and its problem
 */
export async function readTlsFiles(paths: TlsPaths, options: TlsPaths): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([
    readPem(options.ca, paths.ca),
    readPem(options.cert, paths.cert),
    readPem(options.key, paths.key),
  ]);
  let expires = Infinity;
  if (ca !== undefined) expires = endOf(ca, parseCertificates(ca));
  if (cert !== undefined && key !== undefined) {
    const own = parseCertificates(cert).slice(0, 1);
    expires = Math.min(expires, endOf(cert, own));
    const privateKey = parse(key, () => createPrivateKey(key.text));
    if (!own.every((certificate) => certificate.checkPrivateKey(privateKey))) {
      throw refusal(key, `is not the key of the certificate in ${cert.path}`);
    }
  }
  const mark = [ca, cert, key].flatMap((file) => file?.mark ?? []).join();
  return { ca: ca?.text, cert: cert?.text, key: key?.text, mark, expires };
}

/**
 * Checks the files.
 *
 * @throws StoreUnavailableError that names the option, the file and its problem
 */
export async function checkTlsFiles(paths: TlsPaths, options: TlsPaths): Promise<void> {
  try {
    await readTlsFiles(paths, options);
  } catch (error) {
    throw new StoreUnavailableError(reasonOf(error));
  }
}

/** A file and the option that names it. */
interface PemFile {
  readonly option: string;
  readonly path: string;
  readonly text: string;
  readonly mark: string;
}

async function readPem(option: string, path: string): Promise<PemFile | undefined> {
  if (path === '') return undefined;
  try {
    // Without O_NONBLOCK, opening a pipe waits for a writer.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat({ bigint: true });
      const problem = problemOf(stats);
      if (problem !== undefined) throw refusal({ option, path }, problem);
      return { option, path, text: await file.readFile('utf8'), mark: statMark(stats) };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UnusableFile) throw error;
    throw refusal({ option, path }, `can't be read: ${reasonOf(error)}`);
  }
}

function problemOf(stats: BigIntStats): string | undefined {
  if (stats.isDirectory()) return 'is a folder';
  if (!stats.isFile()) return 'is a pipe or a device, not a file';
  return stats.size > MOST_BYTES ? `is larger than ${String(MOST_BYTES)} bytes` : undefined;
}

function statMark({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join('.');
}

function parseCertificates(file: PemFile): readonly X509Certificate[] {
  const blocks = file.text.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
  if (blocks.length === 0) throw refusal(file, 'holds no certificate in PEM form');
  return blocks.map((block) => parse(file, () => new X509Certificate(block)));
}

/** The time at which the last of these certificates expires. @throws Error if that is over */
function endOf(file: PemFile, certificates: readonly X509Certificate[]): number {
  const end = Math.max(...certificates.map(({ validTo }) => Date.parse(validTo)));
  if (end < Date.now()) throw refusal(file, `expired on ${new Date(end).toISOString()}`);
  return end;
}

function parse<T>(file: PemFile, parser: () => T): T {
  try {
    return parser();
  } catch (error) {
    throw refusal(file, `can't be used: ${reasonOf(error)}`);
  }
}

function refusal({ option, path }: Pick<PemFile, 'option' | 'path'>, text: string): Error {
  return new UnusableFile(`${option}: ${path} ${text}`);
}
