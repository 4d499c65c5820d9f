import fc from 'fast-check';

const NAMES = [
  'tasks',
  'Tasks',
  'config',
  'write',
  'Write',
  'ping',
  'PING',
  'alerts',
  'a',
  'A',
  'ab',
  'a.b',
  'aB',
  'é',
];
const DATABASES = ['db', 'DB', 'd', 'telegraf', 'd*', 'd%', 'd/b', 'é', ' '];

const privileges = fc.oneof(
  fc.constant('none'),
  fc.constant('all'),
  fc
    .uniqueArray(fc.constantFrom('read', 'write', 'delete'), { minLength: 1 })
    .map((names) => names.join(',')),
);

const encode = (name: string): string => encodeURIComponent(name).replaceAll('*', '%2A');

const endpoint = fc
  .tuple(
    fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '*', '/*'),
  )
  .map(([names, end]) => names.join('/') + end);

const database = fc
  .tuple(fc.array(fc.constantFrom(...DATABASES), { maxLength: 2 }), fc.constantFrom('', '', '*'))
  .map(
    ([names, end]) => ['database', ...names.map(encode)].join('/') + (names.length > 0 ? end : ''),
  );

const place = fc.oneof(
  endpoint,
  database,
  fc.constantFrom('*', 'database/*', 'Write', 'Wri*', 'PING', 'Pi*'),
);

/** A grant that can be read. */
export const anyGrant: fc.Arbitrary<string> = fc
  .tuple(privileges, place)
  .map((parts) => parts.join(':'));

/** Grants that can be read, not in canonical form. */
export const anyGrants: fc.Arbitrary<string[]> = fc.array(anyGrant, { maxLength: 6 });

const path = fc
  .array(fc.constantFrom(...NAMES, 'abc', 'a.c', 'x'), { minLength: 1, maxLength: 4 })
  .map((names) => `/${names.map(encodeURIComponent).join('/')}`);

const write = fc
  .tuple(
    fc.constantFrom(...DATABASES, 'dx', 'db2'),
    fc.option(fc.constantFrom(...DATABASES, 'dx'), { nil: undefined }),
  )
  .map(([db, rp]) => {
    const parameters = rp === undefined ? { db } : { db, rp };
    return `/write?${new URLSearchParams(parameters).toString()}`;
  });

/** The target of a request to the API. */
export const anyTarget: fc.Arbitrary<string> = fc.oneof(path, write);

export const anyMethod: fc.Arbitrary<string> = fc.constantFrom(
  'GET',
  'POST',
  'PATCH',
  'DELETE',
  'PURGE',
);
