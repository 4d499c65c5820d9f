import { inspect } from 'node:util';
import { databaseUrls } from '../lib/config/database-urls.js';
import { readDatabaseUrls } from '../lib/database-urls.js';
import { MisuseError, PostgresUserStore } from '../lib/index.js';

const ACCEPTED = [
  'postgres://amy:pw@db:5433/users',
  'PostgreSQL://db',
  'postgres://amy@one,two:5433/users',
  'postgres://amy@one/users, POSTGRES://two/users?sslmode=verify-full',
  'postgres://amy:p,w@[::1]:5432,%2Fvar%2Frun/users?sslmode=disable',
];

const REFUSED = [
  ' postgres://amy:s3cret@db/users',
  'postgres://amy:s3cret@db/users\n',
  'postgres://amy:s3cret@/users',
  'postgres://amy:s3cret@db,/users',
  'postgres://amy:s3cret/@db/users',
  'postgres://amy:s3cret#@db/users',
  'postgres://amy:s3cret?@db/users',
  'postgres://amy:s3cret%@db/users',
  'postgres://amy:s3cret%00@db/users',
  'postgres://amy:s3cret@db/users/more',
  'postgres://amy:s3cret@db:port/users',
  'postgres://amy:s3cret@db/users#part',
  'postgres://amy:s3cret@db/users?sslmode=prefer',
  'postgres://amy:s3cret@db/users?sslmode=require&sslmode=disable',
  'postgres://db/users?password=s3cret',
  'mysql://amy:s3cret@db/users',
];

describe('URLs of a database', () => {
  it.each(ACCEPTED)('are taken by the configuration and by the store: %j', (urls) => {
    expect(databaseUrls.fromText(urls)).toBeDefined();
    expect(() => new PostgresUserStore({ url: urls, listenUrl: [urls] })).not.toThrow();
  });

  it.each(REFUSED)('are taken by neither, and shown by no error: %j', (urls) => {
    expect(databaseUrls.fromText(urls)).toBeUndefined();
    const others = { url: 'postgres://db/users' };
    for (const options of [{ url: urls }, { url: [urls] }, { ...others, listenUrl: urls }]) {
      let thrown: unknown;
      try {
        new PostgresUserStore(options);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(MisuseError);
      expect(inspect(thrown, { depth: 9 }).split('\n')[0]).not.toMatch(/s3cret|amy|prefer|part/);
    }
  });

  it('name a server each, with what all of them share', () => {
    const shared = { user: 'amy', password: 'p,@', database: 'users', useTls: true };
    const [one, two, three] = readDatabaseUrls(
      'postgres://amy:p,%40@one:5433,[::1]/users?sslmode=require, postgres://%2Fvar%2Frun',
    );
    expect(one).toEqual({
      ...shared,
      href: 'postgres://amy:p%2C%40@one:5433/users?sslmode=require',
      host: 'one',
      port: 5433,
    });
    expect(two).toMatchObject({ ...shared, host: '::1', port: 5432 });
    expect(three).toEqual({
      href: 'postgres://%2Fvar%2Frun',
      host: '/var/run',
      port: 5432,
      user: undefined,
      password: undefined,
      database: undefined,
      useTls: false,
    });
  });
});
