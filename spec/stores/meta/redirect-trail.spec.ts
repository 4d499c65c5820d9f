import { RedirectTrail } from '../../../lib/stores/meta/redirect-trail.js';

const CONFIGURED = new Set(['a:8091', 'b:8091']);

/** Follows redirects one after the other from a configured node. */
function follow(start: string, ...locations: unknown[]): string {
  const trail = new RedirectTrail(new URL(start), CONFIGURED);
  for (const location of locations) trail.follow(location);
  return trail.url.href;
}

describe('RedirectTrail', () => {
  it.each([
    ['http://a:8091/user?name=k', ['http://b:8091/user?name=k'], 'http://b:8091/user?name=k'],
    ['http://a:8091/user?name=k', ['/hop/user?name=k'], 'http://a:8091/hop/user?name=k'],
    ['http://a:8091/user', ['http://leader:1/user'], 'http://leader:1/user'],
    ['http://a:8091/user', ['http://leader:1/user', '/x'], 'http://leader:1/x'],
    ['http://a:8091/user', ['http://leader:1/user', 'http://b:8091/'], 'http://b:8091/'],
    ['http://a:8091/user', ['https://a:8091/user'], 'https://a:8091/user'],
    ['http://a:8091/', ['/1', '/2', '/3', '/4', '/5'], 'http://a:8091/5'],
    ['http://a:8091/?a=b+c%26%C3%A9', ['/x?a=b+c%26%C3%A9'], 'http://a:8091/x?a=b+c%26%C3%A9'],
  ])('goes from %s by %j to %s', (start, locations, end) => {
    expect(follow(start, ...locations)).toBe(end);
  });

  it.each([
    ['nowhere', 'http://a:8091/', [undefined], 'without saying where'],
    ['to what is no URL', 'http://a:8091/', ['http://['], 'without saying where'],
    ['to two places', 'http://a:8091/', [['/a', '/b']], 'without saying where'],
    ['to itself', 'http://a:8091/', ['/'], 'where the request came from'],
    ['back', 'http://a:8091/', ['/1', 'http://a:8091/'], 'where the request came from'],
    ['a sixth time', 'http://a:8091/', ['/1', '/2', '/3', '/4', '/5', '/6'], 'after 5 redirects'],
    ['down to http', 'https://a:8091/', ['http://a:8091/'], 'which is not https'],
    ['to another protocol', 'http://a:8091/', ['ftp://a:8091/'], 'which is neither http nor https'],
    [
      'from a leader to a node that nobody vouches for',
      'http://a:8091/',
      ['http://leader:1/', 'http://foreign:1/'],
      'which is not in auth.meta-addr, nor named by a node that is',
    ],
    [
      'to another port of a leader',
      'http://a:8091/',
      ['http://leader:1/', 'http://leader:2/'],
      'which is not in auth.meta-addr, nor named by a node that is',
    ],
  ])('does not go %s', (_, start, locations, reason) => {
    expect(() => follow(start, ...locations)).toThrow(reason);
  });

  it('tells of an objection without the path and the query, which may hold a password', () => {
    const path = '/authorized?name=amy&password=secret';
    expect(() => follow(`https://a:8091${path}`, `http://me:pw@a:8091${path}`)).toThrow(
      /^it redirects to http:\/\/a:8091, which is not https$/,
    );
  });
});
