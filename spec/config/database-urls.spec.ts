import { inspect } from 'node:util';
import fc from 'fast-check';
import { databaseUrls } from '../../lib/config/database-urls.js';
import { describeConfig } from '../../lib/config/describe.js';
import { errorOf, load } from './config-files.js';

describe('databaseUrls', () => {
  it.each([
    ['nothing', '', ''],
    ['a URL', 'postgres://amy:pw@db:5432/users', 'postgres://amy:pw@db:5432/users'],
    ['the longer scheme', 'PostgreSQL://db/users', 'postgres://db/users'],
    ['an IPv6 address', 'postgres://[::1]:5432/users', 'postgres://[::1]:5432/users'],
    ['a socket', 'postgres://%2Fvar%2Frun/users', 'postgres://%2Fvar%2Frun/users'],
    ['no name', 'postgres://db', 'postgres://db'],
    ['an encoded character', 'postgres://a:p%40s%2Fs@db/u', 'postgres://a:p%40s%2Fs@db/u'],
    ['several URLs', 'postgres://a/u, postgres://b/u', 'postgres://a/u,postgres://b/u'],
    [
      'several hosts of one URL',
      'postgres://amy:pw@a:1,b:2/users?sslmode=require',
      'postgres://amy:pw@a:1/users?sslmode=require,postgres://amy:pw@b:2/users?sslmode=require',
    ],
    [
      'a comma in a password',
      'postgres://amy:p,w@a,b/u',
      'postgres://amy:p%2Cw@a/u,postgres://amy:p%2Cw@b/u',
    ],
  ])('reads %s', (_what, text, urls) => {
    expect(databaseUrls.fromText(text)).toBe(urls);
    expect(databaseUrls.fromText(urls)).toBe(urls);
  });

  it('gives URLs without a comma that keep name and password, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (user, password) => {
        fc.pre(!`${user}${password}`.includes('\0'));
        const [name, word] = [user, password].map(encodeURIComponent);
        const urls = databaseUrls.fromText(`postgres://${name ?? ''}:${word ?? ''}@a,b/users`);
        for (const url of urls?.split(',') ?? ['']) {
          const read = new URL(url);
          expect(decodeURIComponent(read.username)).toBe(user);
          expect(decodeURIComponent(read.password)).toBe(password);
        }
      }),
    );
  });
});

describe.each(['url', 'listenUrl'])('store.%s', (name) => {
  const secrets = /s3cret|amy/;
  const others = { type: 'postgres', url: 'postgres://db/users' } as const;

  it('is shown nowhere', () => {
    const config = load({ store: { ...others, [name]: 'postgres://amy:s3cret@db/users' } });
    expect(Reflect.get(config.store, name)).toMatch(secrets);
    const shown = [JSON.stringify(config), inspect(config, { depth: 9 })];
    expect([...shown, JSON.stringify(describeConfig(config))].join()).not.toMatch(secrets);
  });

  it.each([
    'postgres://amy:s3cret@db/users\n',
    ' postgres://amy:s3cret@db/users',
    '"postgres://amy:s3cret@db/users"',
    'postgres://amy:s3cret@db/users?sslmode=prefer',
    'postgres://amy:s3cret/@db/users',
    'mysql://amy:s3cret@db/users',
  ])('is in no error, and not accepted as %j', (url) => {
    const error = errorOf({ store: { ...others, [name]: url } });
    expect(error.problems).toHaveLength(1);
    expect(inspect(error, { depth: 9 })).not.toMatch(secrets);
  });
});
