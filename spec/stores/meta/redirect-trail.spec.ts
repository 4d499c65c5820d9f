import { RedirectTrail } from '../../../lib/stores/meta/redirect-trail.js';

const CONFIGURED = new Set(['a:8091', 'b:8091']);

/** The nodes that a node lists as part of its cluster; `peer` by another port than users are asked for at. */
const MEMBERS = ['leader:1', 'peer:8089', 'a:8089', '', 'http://['];

/** Follows redirects one after the other from a configured node. */
async function follow(start: string, ...locations: unknown[]): Promise<string> {
  const trail = new RedirectTrail(new URL(start), CONFIGURED);
  for (const location of locations) await trail.follow(location, () => Promise.resolve(MEMBERS));
  return trail.url.href;
}

describe('RedirectTrail', () => {
  it.each([
    ['http://a:8091/user?name=k', ['http://b:8091/user?name=k'], 'http://b:8091/user?name=k'],
    ['http://a:8091/user?name=k', ['/hop/user?name=k'], 'http://a:8091/hop/user?name=k'],
    ['http://a:8091/user', ['http://leader:1/user'], 'http://leader:1/user'],
    ['http://a:8091/user', ['http://leader:1/user', '/x'], 'http://leader:1/x'],
    ['http://a:8091/user', ['http://leader:1/user', 'http://b:8091/'], 'http://b:8091/'],
    ['http://a:8091/user', ['http://peer:8091/user'], 'http://peer:8091/user'],
    ['http://a:8091/user', ['https://a:8091/user'], 'https://a:8091/user'],
    ['http://a:8091/', ['/1', '/2', '/3', '/4', '/5'], 'http://a:8091/5'],
    ['http://a:8091/?a=b+c%26%C3%A9', ['/x?a=b+c%26%C3%A9'], 'http://a:8091/x?a=b+c%26%C3%A9'],
  ])('goes from %s by %j to %s', async (start, locations, end) => {
    expect(await follow(start, ...locations)).toBe(end);
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
      'to a node that the cluster does not list',
      'http://a:8091/',
      ['http://foreign:8091/'],
      'which is not in auth.meta-addr, nor listed by a node that is',
    ],
    [
      'to another port of a host that it lists',
      'http://a:8091/',
      ['http://peer:22/'],
      'which is not in auth.meta-addr, nor listed by a node that is',
    ],
    [
      'from a leader to a node that nobody vouches for',
      'http://a:8091/',
      ['http://leader:1/', 'http://foreign:1/'],
      'which is not in auth.meta-addr, nor listed by a node that is',
    ],
    [
      'to another port of a leader',
      'http://a:8091/',
      ['http://leader:1/', 'http://leader:2/'],
      'which is not in auth.meta-addr, nor listed by a node that is',
    ],
  ])('does not go %s', async (_, start, locations, reason) => {
    await expect(follow(start, ...locations)).rejects.toThrow(reason);
  });

  it('tells of an objection without the path and the query, which may hold a password', async () => {
    const path = '/authorized?name=amy&password=secret';
    await expect(follow(`https://a:8091${path}`, `http://me:pw@a:8091${path}`)).rejects.toThrow(
      /^it redirects to http:\/\/a:8091, which is not https$/,
    );
  });
});
