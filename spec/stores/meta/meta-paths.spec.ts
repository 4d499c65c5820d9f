import fc from 'fast-check';
import {
  authorizedPath,
  isAskable,
  queryEscape,
  userPath,
} from '../../../lib/stores/meta/meta-paths.js';

describe('queryEscape', () => {
  // What Go's url.QueryEscape makes of it.
  it.each([
    ['a b&c=d/é', 'a+b%26c%3Dd%2F%C3%A9'],
    ['dir pw&=é', 'dir+pw%26%3D%C3%A9'],
    ['..', '..'],
    ['a+b', 'a%2Bb'],
    ['AZaz09-_.~', 'AZaz09-_.~'],
    ["!'()*", '%21%27%28%29%2A'],
    ['100%', '100%25'],
    ['a\0\r\n', 'a%00%0D%0A'],
    ['#?;', '%23%3F%3B'],
    ['日本', '%E6%97%A5%E6%9C%AC'],
  ])('escapes %j as %s', (text, escaped) => {
    expect(queryEscape(text)).toBe(escaped);
  });

  it('is read back as what it was, whatever that is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (name, password) => {
          const { pathname, searchParams } = new URL(authorizedPath(name, password), 'http://node');
          expect([pathname, ...searchParams]).toEqual([
            '/authorized',
            ['name', name],
            ['password', password],
            ['permission', 'NoPermissions'],
            ['resource', '_'],
          ]);
          expect(userPath(name)).toMatch(/^\/user\?name=[\w.~+%-]*$/);
        },
      ),
    );
  });
});

describe('isAskable', () => {
  it.each(['k', '..', 'a b&c=d/é', '\0', 'é'.repeat(512)])('is true for %j', (name) => {
    expect(isAskable(name)).toBe(true);
  });

  it.each([
    ['an empty name: it would ask for all users', ''],
    ['half a surrogate pair', 'a\ud800'],
    ['more than 1 KiB', `${'é'.repeat(512)}a`],
  ])('is false for %s', (_, name) => {
    expect(isAskable(name)).toBe(false);
  });
});
