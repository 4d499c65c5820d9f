import type { DatabaseUrl } from '../database-urls.js';
import { readDatabaseUrls } from '../database-urls.js';
import { MisuseError } from '../errors.js';
import type { ValueType } from './value-type.js';
import { textual } from './value-type.js';

/** One or more URLs of a PostgreSQL database. The configuration holds one URL for each host. */
export const databaseUrls: ValueType<string> = textual(
  'URL, ...',
  'postgres://user:password@host:port/database, with special characters of name and password as %40, several separated by commas, without parameters but sslmode=disable, require, verify-ca or verify-full (store.use-tls is the same); or nothing at all',
  (text) =>
    parse(text)
      ?.map(({ href }) => href)
      .join(','),
);

/** The settings of `[store]` that ask for TLS; undefined if they were refused. */
interface AskingForTls {
  readonly useTls?: boolean | undefined;
  readonly url?: string | undefined;
  readonly listenUrl?: string | undefined;
}

/** Returns true if PostgreSQL is asked over TLS, by any of the URLs. */
export function isOverTls({ useTls, url = '', listenUrl = '' }: AskingForTls): boolean {
  const urls = [url, listenUrl].flatMap((text) => parse(text) ?? []);
  return useTls === true || urls.some((each) => each.useTls);
}

/** Reads URLs; returns undefined if any is not accepted. */
function parse(text: string): readonly DatabaseUrl[] | undefined {
  if (text === '') return [];
  try {
    return readDatabaseUrls(text);
  } catch (error) {
    if (error instanceof MisuseError) return undefined;
    throw error;
  }
}
