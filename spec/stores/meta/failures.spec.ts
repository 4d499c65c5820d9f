import type { Misbehaviour } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import { answer } from '../../../fixtures/meta-stand-in/misbehaviours.js';
import { StoreUnavailableError } from '../../../lib/errors.js';
import { HASH, openStore, standIn } from './stand-ins.js';

/** Mishaps, how often one look-up asks a single node then, and what the error tells of it. */
const FAILURES: readonly (readonly [Misbehaviour, requests: number, reason: string | RegExp])[] = [
  ['black hole', 3, 'no answer within'],
  ['slow headers', 3, 'no answer within'],
  ['slow body', 3, 'no answer within'],
  ['reset in the middle', 3, /other side closed|ECONNRESET/],
  ['closed without an answer', 3, 'other side closed'],
  ['not HTTP', 3, 'Expected HTTP/'],
  ['status 400', 3, 'it answers with status 400'],
  ['status 429', 3, 'it answers with status 429'],
  ['status 500', 3, 'it answers with status 500'],
  ['status 502', 3, 'it answers with status 502'],
  ['status 503', 3, 'it answers with status 503'],
  ['status 401', 1, 'refuses our credentials: it answers with status 401'],
  ['status 403', 1, 'refuses our credentials: it answers with status 403'],
  ['HTML', 3, 'it answers with something other than JSON'],
  ['truncated JSON', 3, 'it answers with something other than JSON'],
  ['not UTF-8', 3, 'The encoded data was not valid for encoding utf-8'],
  ['huge body', 3, 'it answers with more than 1048576 bytes'],
  ['no list', 3, 'it answers with no list of users'],
  ['users null', 3, 'it answers with no list of users'],
  ['two users', 3, 'it answers with 2 users instead of one'],
  ['another user', 3, 'it answers with another user than the one asked for'],
  ['no bcrypt hash', 3, 'the hash of user "k" is not bcrypt'],
  ['a page with status 404', 3, 'it answers with something other than JSON'],
  ['JSON with status 404', 3, 'it answers with status 404 as no meta node does'],
  ['redirect loop', 3, 'where the request came from'],
  ['redirect in circles', 6, 'where the request came from'],
  ['ever new redirects', 18, 'after 5 redirects'],
  ['redirect without a location', 3, 'it redirects without saying where'],
];

describe.each(FAILURES)('A meta node that answers by "%s"', (misbehaviour, requests, reason) => {
  it(`makes the store unavailable after ${String(requests)} requests, and lets nobody in`, async () => {
    const node = await standIn();
    node.misbehave(misbehaviour);
    // Long enough for all attempts, where each takes its share of the time.
    const store = await openStore([node], { deadline: 1500 });
    const error: unknown = await Promise.resolve(store.find('k')).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error).toMatchObject({ status: 503, expose: false, headers: { 'Retry-After': '1' } });
    expect(error instanceof Error && error.message).toMatch(reason);
    expect(node.requests).toHaveLength(requests);
  });

  it('is passed over when the next node works', async () => {
    const [broken, working] = await Promise.all([standIn(), standIn()]);
    broken.misbehave(misbehaviour);
    const store = await openStore([broken, working], { deadline: 1500 });
    expect(await store.find('k')).toMatchObject({ name: 'k', hash: HASH });
  });
});

describe('A password of a directory', () => {
  it.each(['status 401', 'status 403', 'status 404'] as const)(
    'is wrong when the node answers by "%s"',
    async (misbehaviour) => {
      const node = await standIn();
      node.misbehave(misbehaviour, { path: '/authorized' });
      const store = await openStore([node]);
      expect(await store.verify('ldap', 'dir pw&=é')).toBe(false);
    },
  );

  it.each([
    'black hole',
    'slow body',
    'reset in the middle',
    'not HTTP',
    'status 400',
    'status 500',
    'HTML',
    'truncated JSON',
    'huge body',
    'redirect loop',
  ] as const)('is neither right nor wrong when the node answers by "%s"', async (misbehaviour) => {
    const node = await standIn();
    node.misbehave(misbehaviour, { path: '/authorized' });
    const store = await openStore([node], { deadline: 100, verifyTimeout: 300 });
    await expect(store.verify('ldap', 'dir pw&=é')).rejects.toThrow(StoreUnavailableError);
  });

  it.each([
    ['an error of status 200', '{"error":"authorization failed"}'],
    ['a list', '[]'],
    ['a word', '"yes"'],
    ['null', 'null'],
  ])('is neither right nor wrong when the node answers with %s', async (_, body) => {
    const node = await standIn();
    node.misbehave(answer(body), { path: '/authorized' });
    const store = await openStore([node], { verifyTimeout: 1000 });
    await expect(store.verify('ldap', 'dir pw&=é')).rejects.toThrow(StoreUnavailableError);
  });

  it('is wrong when the node says that it authorizes nobody', async () => {
    const node = await standIn();
    node.misbehave(answer('{"authorized":false}'), { path: '/authorized' });
    const store = await openStore([node]);
    expect(await store.verify('ldap', 'dir pw&=é')).toBe(false);
  });

  it('is asked of the next node when one refuses our own credentials', async () => {
    const [refusing, working] = await Promise.all([standIn(), standIn()]);
    refusing.credentials = { sharedSecret: 'changed' };
    const store = await openStore([refusing, working]);
    expect(await store.verify('ldap', 'dir pw&=é')).toBe(true);
    expect(await store.verify('ldap', 'wrong')).toBe(false);
  });

  it('is right when the node says so without a word', async () => {
    const node = await standIn();
    node.misbehave((_, response) => void response.end(), { path: '/authorized' });
    const store = await openStore([node]);
    expect(await store.verify('ldap', 'dir pw&=é')).toBe(true);
  });
});
