import { invalidRequest } from '../../invalid-request.js';
import { isRecord } from '../../is-record.js';
import type { StoredSubscription } from '../subscription-store.js';
import { compareNames } from './name-order.js';
import type { Read } from './read-record.js';
import { isText, isTime, RecordReader } from './read-record.js';

/** The longest name, in bytes of UTF-8. */
const MAX_NAME_BYTES = 1024;

const KEYS: readonly string[] = ['digest', 'cluster', 'database', 'retentionPolicy', 'created'];

/** Reads a subscription that can be stored, and freezes it. Its messages never show a digest. */
export function readSubscription(record: unknown): Read<StoredSubscription> {
  if (!isRecord(record)) {
    const message = `a subscription must be an object with ${KEYS.slice(0, -1).join(', ')} and created`;
    return { problems: [{ path: [], message }] };
  }
  const fields = new RecordReader(record);
  const digest = readDigest(fields);
  const cluster = checkName(fields, 'cluster', fields.field('cluster', isText, text('cluster')));
  // Empty for every database; checked below.
  const database = fields.field('database', isText, text('database'));
  checkName(fields, 'database', database, 0);
  const policy = fields.optional('retentionPolicy', isText, text('retentionPolicy'));
  checkName(fields, 'retentionPolicy', policy);
  const wrong = 'created must be a time such as "2026-11-24T10:00:00.000Z"';
  const created = fields.field('created', isTime, wrong);
  fields.noOthers(KEYS);
  const isWhole = fields.problems.length === 0;
  if (isWhole && database === '' && policy !== undefined) fields.note('database must not be empty');
  const { problems } = fields;
  const isThere =
    digest !== undefined &&
    cluster !== undefined &&
    database !== undefined &&
    created !== undefined;
  if (problems.length > 0 || !isThere) return { problems };
  const limit = policy !== undefined && { retentionPolicy: policy };
  return { data: Object.freeze({ digest, cluster, database, ...limit, created }) };
}

function readDigest(fields: RecordReader): string | undefined {
  const digest = fields.field('digest', isText, text('digest'));
  if (digest !== undefined && !/^[0-9a-f]{64}$/.test(digest)) {
    fields.note('digest must be a SHA-256: 64 hexadecimal digits', 'digest');
  }
  return digest;
}

/** Notes the problems of a name, if there is one. */
function checkName(
  fields: RecordReader,
  key: string,
  name: string | undefined,
  shortest = 1,
): string | undefined {
  if (name === undefined) return undefined;
  if (name.length < shortest) fields.note(`${key} must not be empty`, key);
  if (/\p{Cc}/u.test(name) || !name.isWellFormed()) {
    fields.note(`${key} must not contain control characters or broken Unicode`, key);
  }
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    fields.note(`${key} must not be longer than ${String(MAX_NAME_BYTES)} bytes`, key);
  }
  return name;
}

function text(what: string): string {
  return `${what} must be a string`;
}

/**
 * Brings a subscription into the form in which it is stored: frozen, without undefined properties.
 *
 * @throws InvalidRequestError if it can't be stored
 */
export function canonicalSubscription(subscription: StoredSubscription): StoredSubscription {
  const { data, problems } = readSubscription(subscription);
  if (data !== undefined) return data;
  throw invalidRequest(problems.map(({ message }) => message).join('; '));
}

/** The order in which subscriptions are listed; for `sort`. */
export function compareSubscriptions(a: StoredSubscription, b: StoredSubscription): number {
  return (
    compareNames(a.database, b.database) ||
    compareNames(a.retentionPolicy ?? '', b.retentionPolicy ?? '') ||
    compareNames(a.created, b.created) ||
    compareNames(a.digest, b.digest)
  );
}
