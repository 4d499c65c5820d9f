import { resolve } from 'node:path';
import type { Config } from '../index.js';

/** Tells an operator where users are kept: never with a password. */
export function usersLocation({ auth, store }: Config): string {
  if (auth.metaAddr.length > 0) return `the meta node at ${auth.metaAddr.join(', ')}`;
  if (store.type === 'postgres') {
    return `${store.url.split(',').map(placeOf).join(', ')} (postgres, schema ${store.schema})`;
  }
  return store.path === ':memory:' ? 'memory' : `${resolve(store.path)} (${store.type})`;
}

/** Host, port and database of a URL. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  const place = `${decodeURIComponent(hostname)}:${port === '' ? '5432' : port}`;
  return pathname.length > 1 ? place + decodeURIComponent(pathname) : place;
}
