import { LEAF_ROOMS, LEAVES, STORE_CONTRACT } from './shared-rooms.js';

/** A room of lib: a folder, or a file beside the folders. */
export interface Room {
  readonly room: string;
  readonly is: string;
  /** The rooms, and the single files of others, that it may import. */
  readonly imports: readonly string[];
  /** Packages that it must not import, and why. */
  readonly without?: { readonly packages: RegExp; readonly why: string };
}

export const knowsNoExpress: NonNullable<Room['without']> = {
  packages: /^express$/,
  why: 'it works without Express',
};
const PURE = /^(express$|node:(?!path$|buffer$|crypto$|net$))/;
const isPure: NonNullable<Room['without']> = { packages: PURE, why: 'it is pure' };

/**
 * The plan of lib, from the ground up. A room may import its own files and what its line names, all of which stands before it: so
 * no arrow runs up. A file belongs to the room with the longest name that its path begins with.
 */
export const PLAN: readonly Room[] = [
  ...LEAF_ROOMS,
  { room: 'influxql.ts', is: 'statements that make an InfluxDB push', imports: [] },
  { room: 'credentials', is: 'what the client sent', imports: ['errors.ts'], without: isPure },
  {
    room: 'privileges',
    is: 'what a user may do',
    imports: ['errors.ts', 'shared-map.ts'],
    without: { packages: /^(express$|node:(?!path$))/, why: 'it is pure' },
  },
  {
    room: 'stores/subscription-store.ts',
    is: 'the contract of a store of subscription tokens',
    imports: ['maybe-promise.ts'],
  },
  {
    room: 'stores/failure-counter.ts',
    is: 'the contract of a counter of failed logins',
    imports: ['maybe-promise.ts'],
  },
  {
    room: 'stores/ended-sessions.ts',
    is: 'the contract of a memory of log-outs',
    imports: ['maybe-promise.ts'],
  },
  {
    room: 'stores/list-options.ts',
    is: 'the choice of users for a list',
    imports: ['privileges', 'stores/subscription-store.ts'],
  },
  {
    room: 'stores/user-store.ts',
    is: 'the contract of a user store',
    imports: [
      'maybe-promise.ts',
      'privileges',
      'stores/list-options.ts',
      'stores/subscription-store.ts',
      'stores/failure-counter.ts',
      'stores/ended-sessions.ts',
    ],
  },
  {
    room: 'stores/rules',
    is: 'what every store must keep',
    imports: [...LEAVES, 'credentials/parse.ts', 'privileges', ...STORE_CONTRACT],
    without: knowsNoExpress,
  },
  {
    room: 'stores/in-memory',
    is: 'the machine under the memory and the file store',
    imports: [...LEAVES, 'stores/rules', ...STORE_CONTRACT],
    without: knowsNoExpress,
  },
  {
    room: 'stores/file',
    is: 'users in a JSON file',
    imports: [...LEAVES, 'stores/rules', 'stores/in-memory', 'stores/user-store.ts'],
    without: knowsNoExpress,
  },
  {
    room: 'stores/sqlite',
    is: 'users in an SQLite database',
    imports: [...LEAVES, 'stores/rules', ...STORE_CONTRACT],
    without: knowsNoExpress,
  },
  {
    room: 'stores/postgres',
    is: 'users in a PostgreSQL database',
    imports: [...LEAVES, 'stores/rules', ...STORE_CONTRACT],
    without: knowsNoExpress,
  },
  {
    room: 'stores/meta',
    is: 'users of a meta node of InfluxDB Enterprise',
    imports: [...LEAVES, 'privileges', 'stores/rules', ...STORE_CONTRACT],
    without: knowsNoExpress,
  },
  {
    room: 'stores',
    is: 'one front a store',
    imports: [
      ...LEAVES,
      'stores/rules',
      'stores/in-memory',
      'stores/file',
      'stores/sqlite',
      'stores/postgres',
      ...STORE_CONTRACT,
    ],
    without: knowsNoExpress,
  },
  {
    room: 'kapacitor-db',
    is: 'the users in a database of Kapacitor, which is only read',
    imports: [
      ...LEAVES,
      'credentials/subscription-token.ts',
      'privileges',
      'stores/rules',
      ...STORE_CONTRACT,
    ],
    without: knowsNoExpress,
  },
  {
    room: 'observe',
    is: 'events, counters and metrics',
    imports: [...LEAVES, 'credentials', 'privileges'],
    without: knowsNoExpress,
  },
  {
    room: 'config',
    is: 'options into a configuration',
    imports: [
      ...LEAVES,
      'privileges/permission.ts',
      'stores/user-store.ts',
      'stores/failure-counter.ts',
    ],
    without: knowsNoExpress,
  },
  {
    room: 'open-store.ts',
    is: 'the store that a configuration means',
    imports: [...LEAVES, 'config/config.ts', 'config/sections', 'stores'],
  },
  {
    room: 'authenticate',
    is: 'who sent a request',
    imports: [...LEAVES, 'credentials', 'privileges', 'observe', 'stores/rules', ...STORE_CONTRACT],
    without: knowsNoExpress,
  },
  {
    room: 'manage',
    is: 'users changed and explained from code',
    imports: [
      ...LEAVES,
      'credentials',
      'privileges',
      'observe',
      'authenticate',
      'stores/rules',
      ...STORE_CONTRACT,
    ],
    without: knowsNoExpress,
  },
  {
    room: 'express',
    is: 'the HTTP edge',
    imports: [
      ...LEAVES,
      'credentials',
      'authenticate',
      'manage',
      'privileges',
      'observe',
      ...STORE_CONTRACT,
    ],
  },
  {
    room: 'assemble.ts',
    is: 'the parts that answer who sent a request',
    imports: [
      ...LEAVES,
      'privileges',
      'observe',
      'config/config.ts',
      'open-store.ts',
      'authenticate',
      'manage/warn-without-users.ts',
      'express/answer-policy.ts',
      ...STORE_CONTRACT,
    ],
  },
  {
    room: 'kapacitor-auth.ts',
    is: 'puts the parts together',
    imports: [
      ...LEAVES,
      'privileges',
      'observe',
      'config',
      'assemble.ts',
      'authenticate',
      'manage',
      'express',
      ...STORE_CONTRACT,
    ],
  },
  {
    room: 'pages',
    is: 'pages for people',
    imports: [
      ...LEAVES,
      'influxql.ts',
      'privileges',
      'observe',
      'authenticate',
      'manage',
      'express',
      'stores/rules/user-filter.ts',
      ...STORE_CONTRACT,
      'kapacitor-auth.ts',
    ],
  },
  {
    room: 'store-contract',
    is: "the tests of a store of one's own",
    imports: ['errors.ts', 'maybe-promise.ts', 'stores'],
  },
  {
    room: 'store-contract.ts',
    is: 'the public surface of the store contract',
    imports: ['maybe-promise.ts', 'privileges', 'stores', 'store-contract'],
  },
  { room: 'store-contract.mts', is: 'the same for import', imports: ['store-contract.ts'] },
  {
    room: 'index.ts',
    is: 'the public surface',
    imports: [
      ...LEAVES,
      'credentials',
      'privileges',
      'stores',
      'kapacitor-db',
      'observe',
      'config',
      'authenticate',
      'manage',
      'express',
      'kapacitor-auth.ts',
      'pages',
    ],
  },
  { room: 'index.mts', is: 'the same for import', imports: ['index.ts'] },
  {
    room: 'for-server.ts',
    is: 'what the server needs beyond the public surface',
    imports: ['observe', 'express', 'kapacitor-auth.ts', 'pages'],
  },
  {
    room: 'server',
    is: 'a program over the package',
    imports: ['index.ts', 'is-record.ts', 'lazy.ts', 'system-error.ts', 'for-server.ts'],
  },
  {
    room: 'openapi',
    is: 'the description of the API, for the build',
    imports: ['errors.ts', 'privileges', 'express', 'server/own-paths.ts'],
  },
  {
    room: 'cli',
    is: 'the command line',
    imports: [
      ...['index.ts', 'influxql.ts', 'is-record.ts', 'lazy.ts', 'system-error.ts'],
      'troubleshooting.ts',
      'server',
    ],
  },
];
