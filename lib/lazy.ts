import type * as Express from 'express';
import type Libsql from 'libsql';
import type * as Pg from 'pg';
import type * as PromClient from 'prom-client';
import type * as Undici from 'undici';

declare function require(id: 'express'): typeof Express;
declare function require(id: 'jws'): Jws;
declare function require(id: 'libsql'): typeof Libsql;
declare function require(id: 'pg'): typeof Pg;
declare function require(id: 'prom-client'): typeof PromClient;
declare function require(id: 'undici'): typeof Undici;

/** The part of jws that is used; a token's header and payload may be any JSON. */
interface Jws {
  readonly sign: (token: {
    readonly header: object;
    readonly payload: object;
    readonly secret: string;
  }) => string;
  /** Throws an error if `typ` says JWT and the payload is no JSON. */
  readonly decode: (
    token: string,
  ) => { readonly header: unknown; readonly payload: unknown } | null;
  readonly verify: (token: string, algorithm: string, secret: string) => boolean;
}

/**
 * Libraries that load slowly and that not every program needs: the first call loads the library.
 */
export const lazy = {
  express: (): typeof Express => require('express'),
  jws: (): Jws => require('jws'),
  libsql: (): typeof Libsql => require('libsql'),
  pg: (): typeof Pg => require('pg'),
  promClient: (): typeof PromClient => require('prom-client'),
  undici: (): typeof Undici => require('undici'),
} as const;

/** Makes a value at the first call, and returns the same value from then on. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
