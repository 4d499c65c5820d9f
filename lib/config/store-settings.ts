import type { Draft } from './apply-options.js';
import { checkTls } from './check-tls.js';
import type { LeftAside } from './config.js';
import { isOverTls } from './database-urls.js';
import { options } from './options.js';
import type { RawValue, Settings } from './raw-value.js';
import { readRawValue } from './raw-value.js';
import type { StoreConfig } from './sections/store.js';

/** The options of `[store]` that count with PostgreSQL only. */
const OF_POSTGRES: readonly string[] = [
  'store.url',
  'store.schema',
  'store.listen-url',
  'store.use-tls',
  'store.ca',
  'store.cert',
  'store.key',
  'store.insecure-skip-verify',
];

/**
 * Adds what settings of `[store]` imply: a URL without a type the type, as does a path that ends in
 * `.json`, and a type without a path the path.
 */
export function impliedStore(given: Settings): Settings {
  const type = given.get('store.type');
  const path = given.get('store.path');
  const url = given.get('store.url');
  const implied = new Map<string, RawValue>();
  if (path !== undefined && readRawValue(path, options.store.path)?.endsWith('.json')) {
    implied.set('store.type', { ...path, value: 'file' });
  }
  if (
    url !== undefined &&
    readRawValue(url, options.store.url) &&
    strengthOf(url.origin) >= strengthOf(path?.origin)
  ) {
    implied.set('store.type', { ...url, value: 'postgres' });
  }
  if (type !== undefined && readRawValue(type, options.store.type) === 'file') {
    implied.set('store.path', { value: 'kapacitor-auth.json', origin: 'default', isText: false });
  }
  return implied;
}

/**
 * Refuses a database without a type that uses it, and PostgreSQL without a database.
 *
 * @param refuse - called with the option and its problem
 */
export function checkStore(
  store: Partial<StoreConfig>,
  originOf: (id: string) => string,
  refuse: (key: string, problem: string) => void,
): void {
  const { type, url, listenUrl } = store;
  const typeOrigin = originOf('store.type');
  if (type === 'postgres') {
    if (url === '') {
      refuse(
        'store.url',
        `is not set, and store.type (${typeOrigin}) is "postgres"; set it to postgres://user:password@host:port/database`,
      );
    }
    checkStoreTls(store, refuse);
  } else if (type !== undefined && typeOrigin !== 'default') {
    for (const [id, value] of Object.entries({ 'store.url': url, 'store.listen-url': listenUrl })) {
      if (value && strengthOf(originOf(id)) >= strengthOf(typeOrigin)) {
        refuse(
          id,
          `is set, and store.type (${typeOrigin}) is "${type}"; set store.type = "postgres", or take the URL out`,
        );
      }
    }
  }
}

function checkStoreTls(
  store: Partial<StoreConfig>,
  refuse: (key: string, problem: string) => void,
): void {
  const { useTls, ca, cert, key } = store;
  if (isOverTls(store)) {
    checkTls('store.', { ca, cert, key }, refuse);
    return;
  }
  if (useTls !== false) return;
  for (const [name, value] of Object.entries({ ca, cert, key })) {
    if (value) {
      refuse(`store.${name}`, 'is set, and store.use-tls is false; set store.use-tls = true');
    }
  }
}

/** The settings of `[store]` that don't count for the type of the store. */
export function idleStoreSettings(settings: Settings, { store = {} }: Draft): LeftAside[] {
  const { type } = store;
  const isIdle = (id: string): boolean =>
    type === 'postgres' ? id === 'store.path' : OF_POSTGRES.includes(id);
  return [...settings]
    .filter(([id, { value, origin }]) => isIdle(id) && value !== '' && origin !== 'default')
    .map(([key, { origin }]) =>
      Object.freeze({ key, origin, reason: `does not count, since store.type is "${type ?? ''}"` }),
    );
}

/** The strength of a source over others: code over the environment over a file. */
function strengthOf(origin = 'default'): number {
  if (origin === 'default') return 0;
  if (origin === 'code') return 3;
  return origin.startsWith('KAPACITOR_') ? 2 : 1;
}
