import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Config } from '../index.js';
import { ConfigError } from '../index.js';
import { readPem } from './pem-files.js';

/** A certificate and its key, as PEM. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** A PEM file and the option that names it. */
export interface NamedFile {
  /** `gateway.tls-cert`. */
  readonly key: string;
  readonly path: string;
}

/** A file that can't be used. */
export interface FileProblem {
  /** The option that names the file. */
  readonly key: string;
  readonly problem: string;
}

/** The error about files that can't be used. */
export function unusableFiles(
  problems: readonly FileProblem[],
  { origins }: Pick<Config, 'origins'>,
): ConfigError {
  return new ConfigError(
    problems.map(({ key, problem }) => ({ key, origin: origins[key] ?? 'default', problem })),
  );
}

/**
 * Returns true, and adds a problem, if only one of a certificate and its key is set.
 *
 * @param remark - ends the text of the problem
 */
export function isHalfSet(
  cert: NamedFile,
  key: NamedFile,
  problems: FileProblem[],
  remark = '',
): boolean {
  if ((cert.path === '') === (key.path === '')) return false;
  const [unset, set] = cert.path === '' ? [cert, key] : [key, cert];
  const together = `a certificate and its key go together${remark}`;
  problems.push({ key: unset.key, problem: `is not set, ${set.key} is; ${together}` });
  return true;
}

/**
 * Reads a certificate and its key. Problems of both files are added to `problems`, so that they are
 * told at once.
 *
 * @returns undefined if there are problems
 */
export function readPair(
  cert: NamedFile,
  key: NamedFile,
  problems: FileProblem[],
): TlsIdentity | undefined {
  const before = problems.length;
  const texts = { cert: readNamed(cert, problems), key: readNamed(key, problems) };
  if (areSwapped(texts)) {
    const problem = `${cert.path} holds a private key and ${key.path} a certificate: swap the two`;
    problems.push({ key: cert.key, problem });
    return undefined;
  }
  const certificate = checkCertificates(cert, texts.cert, problems);
  const privateKey = checkKey(key, texts.key, problems);
  if (certificate && privateKey && !certificate.checkPrivateKey(privateKey)) {
    const problem = `the key in ${key.path} does not belong to the certificate in ${cert.path}`;
    problems.push({ key: key.key, problem });
  }
  const { cert: certText = '', key: keyText = '' } = texts;
  if (problems.length > before) return undefined;
  return usable(cert, { cert: certText, key: keyText }, problems);
}

/** Reads a file of certificates that are trusted. */
export function readAuthorities(file: NamedFile, problems: FileProblem[]): string | undefined {
  const text = readNamed(file, problems);
  return checkCertificates(file, text, problems) && text;
}

function readNamed({ key, path }: NamedFile, problems: FileProblem[]): string | undefined {
  try {
    return readPem(path);
  } catch (error) {
    problems.push({ key, problem: `can't be used: ${textOf(error)}` });
    return undefined;
  }
}

/** The contents of both files; undefined for one that can't be read. */
interface Texts {
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

const CERTIFICATE = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/;
const KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;
const PASSPHRASE = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

function areSwapped({ cert = '', key = '' }: Texts): boolean {
  return KEY.test(cert) && !CERTIFICATE.test(cert) && CERTIFICATE.test(key) && !KEY.test(key);
}

/** Returns the first certificate of a file, if it can be used. */
function checkCertificates(
  { key, path }: NamedFile,
  text: string | undefined,
  problems: FileProblem[],
): X509Certificate | undefined {
  if (text === undefined) return undefined;
  if (!CERTIFICATE.test(text)) {
    problems.push({ key, problem: `${path} holds no certificate (PEM)` });
    return undefined;
  }
  try {
    return new X509Certificate(text);
  } catch {
    const problem = `the certificate in ${path} can't be read: it is damaged or cut off`;
    problems.push({ key, problem });
    return undefined;
  }
}

function checkKey(
  { key, path }: NamedFile,
  text: string | undefined,
  problems: FileProblem[],
): ReturnType<typeof createPrivateKey> | undefined {
  if (text === undefined) return undefined;
  try {
    if (KEY.test(text) && !PASSPHRASE.test(text)) return createPrivateKey(text);
  } catch {
    const problem = `the private key in ${path} can't be read: it is damaged or cut off`;
    problems.push({ key, problem });
    return undefined;
  }
  const remedy = `openssl pkey -in ${path} -out FILE`;
  const problem = PASSPHRASE.test(text)
    ? `the key in ${path} has a passphrase: remove it with ${remedy}`
    : `${path} holds no private key (PEM)`;
  problems.push({ key, problem });
  return undefined;
}

/** Lets OpenSSL judge what is left, such as a key that is too short for it. */
function usable(
  { key, path }: NamedFile,
  identity: TlsIdentity,
  problems: FileProblem[],
): TlsIdentity | undefined {
  try {
    createSecureContext(identity);
    return identity;
  } catch (error) {
    problems.push({ key, problem: `${path} can't be used: ${textOf(error)}` });
    return undefined;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
