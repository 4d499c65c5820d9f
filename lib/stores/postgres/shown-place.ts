import type { DatabaseUrl } from '../../database-urls.js';

/** Shows a server and its database without user and password: `db.example.com:5432/users`. */
export function shownPlace({ host, port, database }: DatabaseUrl): string {
  return `${host}:${String(port)}${database === undefined ? '' : `/${database}`}`;
}
