import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { StoreUnavailableError } from '../../errors.js';
import { MetaFailure } from './meta-failure.js';
import { reasonOf } from './reason-of.js';

/** Paths of PEM files; empty where not set. */
export interface TlsPaths {
  /** The only authorities that are trusted, as in Kapacitor; empty for those that Node trusts. */
  readonly ca: string;
  /** Our certificate and its key, for nodes that ask for one. */
  readonly cert: string;
  readonly key: string;
}

/** What the files hold, judged; undefined where no file is set. */
export interface TlsMaterial {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** @throws MetaFailure that names the option, the file and what is wrong with it */
export async function readTlsFiles(paths: TlsPaths): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all([
    readPem('auth.meta-ca', paths.ca),
    readPem('auth.meta-cert', paths.cert),
    readPem('auth.meta-key', paths.key),
  ]);
  if (ca !== undefined) refuseExpired(ca, parseCertificates(ca));
  if (cert !== undefined && key !== undefined) {
    const own = parseCertificates(cert).slice(0, 1);
    refuseExpired(cert, own);
    const privateKey = parse(key, () => createPrivateKey(key.text));
    if (!own.every((certificate) => certificate.checkPrivateKey(privateKey))) {
      throw refusal(key, `is not the key of the certificate in ${cert.path}`);
    }
  }
  return { ca: ca?.text, cert: cert?.text, key: key?.text };
}

/** @throws StoreUnavailableError that names the option, the file and what is wrong with it */
export async function checkTlsFiles(paths: TlsPaths): Promise<void> {
  try {
    await readTlsFiles(paths);
  } catch (error) {
    throw new StoreUnavailableError(reasonOf(error));
  }
}

/** A file of ours and where it is named. */
interface PemFile {
  readonly option: string;
  readonly path: string;
  readonly text: string;
}

async function readPem(option: string, path: string): Promise<PemFile | undefined> {
  if (path === '') return undefined;
  try {
    return { option, path, text: await readFile(path, 'utf8') };
  } catch (error) {
    throw refusal({ option, path }, `can't be read: ${reasonOf(error)}`);
  }
}

function parseCertificates(file: PemFile): readonly X509Certificate[] {
  const blocks = file.text.match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
  if (blocks.length === 0) throw refusal(file, 'holds no certificate in PEM form');
  return blocks.map((block) => parse(file, () => new X509Certificate(block)));
}

/** Refuses a file when none of these certificates of it is valid any more. */
function refuseExpired(file: PemFile, certificates: readonly X509Certificate[]): void {
  const end = Math.max(...certificates.map(({ validTo }) => Date.parse(validTo)));
  if (end < Date.now()) throw refusal(file, `expired on ${new Date(end).toISOString()}`);
}

function parse<T>(file: PemFile, parser: () => T): T {
  try {
    return parser();
  } catch (error) {
    throw refusal(file, `can't be used: ${reasonOf(error)}`);
  }
}

function refusal({ option, path }: Pick<PemFile, 'option' | 'path'>, text: string): MetaFailure {
  return new MetaFailure('node', `${option}: ${path} ${text}`);
}
