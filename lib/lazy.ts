import type * as Express from 'express';
import type * as JsonWebToken from 'jsonwebtoken';
import type Libsql from 'libsql';
import type * as Pg from 'pg';
import type * as PromClient from 'prom-client';
import type * as Undici from 'undici';

declare function require(id: 'express'): typeof Express;
declare function require(id: 'jsonwebtoken'): typeof JsonWebToken;
declare function require(id: 'libsql'): typeof Libsql;
declare function require(id: 'pg'): typeof Pg;
declare function require(id: 'prom-client'): typeof PromClient;
declare function require(id: 'undici'): typeof Undici;

/**
 * Libraries that load slowly and that not every program needs: the first call loads the library.
 */
export const lazy = {
  express: (): typeof Express => require('express'),
  jsonwebtoken: (): typeof JsonWebToken => require('jsonwebtoken'),
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
