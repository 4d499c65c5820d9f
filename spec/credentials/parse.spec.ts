import fc from 'fast-check';
import { parseCredentials } from '../../lib/credentials/parse.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const parse = (authorization: string | undefined, url = '/') =>
  parseCredentials({ headers: { authorization }, url });

const malformed = { kind: 'malformed' };
const missing = { kind: 'missing' };
const basic = (name: string, password: string) => ({ kind: 'basic', name, password });
const query = (name: string, password: string) => ({ kind: 'query', name, password });

describe('Basic credentials (RFC 7617)', () => {
  it.each([
    // The examples of section 2 and 2.1.
    ['Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==', basic('Aladdin', 'open sesame')],
    ['Basic dGVzdDoxMjPCow==', basic('test', '123£')],
    [`Basic ${base64('a:b:c')}`, basic('a', 'b:c')],
    [`Basic ${base64('a::')}`, basic('a', ':')],
    [`Basic ${base64('a:')}`, basic('a', '')],
    [`Basic ${base64(':pw')}`, basic('', 'pw')],
    [`Basic ${base64(':')}`, basic('', '')],
    [`basic ${base64('a:b')}`, basic('a', 'b')],
    [`BASIC    ${base64('a:b')}`, basic('a', 'b')],
    [`Basic ${base64('\ufeffa:b')}`, basic('\ufeffa', 'b')],
    [`Basic ${base64('Zoë@ex.com:pä:ss:wörd')}`, basic('Zoë@ex.com', 'pä:ss:wörd')],
  ])('%s are read', (header, credentials) => {
    expect(parse(header)).toEqual(credentials);
  });

  it.each([
    ['nothing after the scheme', 'Basic'],
    ['only a space after it', 'Basic '],
    ['no base64', 'Basic !!!!'],
    ['missing padding', 'Basic YTpi=='],
    ['padding cut off', 'Basic YTpiYw'],
    ['the URL-safe alphabet', `Basic ${Buffer.from('a:\u00ff\u00fe?').toString('base64url')}`],
    ['something behind it', `Basic ${base64('a:b')} x`],
    ['a comma and more', `Basic ${base64('a:b')}, Bearer x`],
    ['no colon', `Basic ${base64('nocolon')}`],
    ['bytes that are not UTF-8', `Basic ${Buffer.from([97, 58, 255]).toString('base64')}`],
    ['an overlong escape', `Basic ${Buffer.from([97, 58, 0xc0, 0xba]).toString('base64')}`],
    ['a NUL', `Basic ${base64('a:b\0c')}`],
    ['a line break', `Basic ${base64('a\r\nb:c')}`],
    ['a DEL', `Basic ${base64('a:\u007f')}`],
    ['a tab instead of a space', `Basic \t${base64('a:b')}`],
  ])('with %s are malformed', (_what, header) => {
    expect(parse(header)).toEqual(malformed);
  });

  it('say what was put in, whatever it was', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !/\p{Cc}/u.test(value));
    fc.assert(
      fc.property(text, text, (name, password) => {
        fc.pre(!name.includes(':') && name !== '~subscriber');
        expect(parse(`Basic ${base64(`${name}:${password}`)}`)).toEqual(basic(name, password));
      }),
    );
  });

  it('of ~subscriber are a subscription token', () => {
    expect(parse(`Basic ${base64('~subscriber:to:ken')}`)).toEqual({
      kind: 'subscription',
      token: 'to:ken',
    });
  });
});

describe('Bearer credentials (RFC 6750)', () => {
  it.each(['Bearer x.y.z', 'bearer x.y.z', 'BEARER   x.y.z'])('%s are read', (header) => {
    expect(parse(header)).toEqual({ kind: 'bearer', token: 'x.y.z' });
  });

  it.each(['Bearer', 'Bearer ', 'bearer   '])('%j hold no token: malformed', (header) => {
    expect(parse(header)).toEqual(malformed);
  });
});

describe('credentials in the query', () => {
  it.each([
    ['/?u=bob&p=secret', query('bob', 'secret')],
    ['/write?db=x&p=s%3Aec+ret%26&u=Zo%C3%AB', query('Zoë', 's:ec ret&')],
    ['/?u=bob&u=eve&p=one&p=two', query('bob', 'one')],
    ['/?u=a=b&p==', query('a=b', '=')],
    ['/?u=~subscriber&p=token', query('~subscriber', 'token')],
  ])('%s are read', (url, credentials) => {
    expect(parse(undefined, url)).toEqual(credentials);
  });

  it.each([
    '/',
    '/?',
    '/?u=bob',
    '/?p=secret',
    '/?u=&p=secret',
    '/?u=bob&p=',
    '/?U=bob&P=x',
    '/?xu=a&xp=b',
    '/?u=&u=bob&p=x',
    '/x&u=bob&p=x',
  ])('%s has none', (url) => {
    expect(parse(undefined, url)).toEqual(missing);
  });

  it.each(['/?u=%ff&p=x', '/?u=bob&p=%', '/?u=bob&p=a%00', '/?u=a%0ab&p=x'])(
    '%s are malformed',
    (url) => {
      expect(parse(undefined, url)).toEqual(malformed);
    },
  );
});

describe('which credentials count', () => {
  const url = '/?u=bob&p=secret';

  it.each([
    ['Basic wins over the query', `Basic ${base64('a:b')}`, basic('a', 'b')],
    ['malformed Basic is not made good by the query', 'Basic !!!!', malformed],
    ['Bearer wins over the query', 'Bearer t', { kind: 'bearer', token: 't' }],
    ['a scheme we do not know leaves it to the query', 'Digest x', query('bob', 'secret')],
    ['an empty header leaves it to the query', '', query('bob', 'secret')],
    [
      'a scheme that only ends like Basic is another',
      `NotBasic ${base64('a:b')}`,
      query('bob', 'secret'),
    ],
    [
      'a scheme that only begins like Basic is another',
      `Basic2 ${base64('a:b')}`,
      query('bob', 'secret'),
    ],
    ['a token under another scheme is none', 'Token x.y.z', query('bob', 'secret')],
  ])('%s', (_rule, header, credentials) => {
    expect(parse(header, url)).toEqual(credentials);
  });

  it('is answered for any header and any target, without an exception', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (header, target) => {
          expect(parse(header, target)).toHaveProperty('kind');
          expect(parse(`Basic ${header}`, target)).toHaveProperty('kind');
          expect(parse(undefined, `/?u=${header}&p=${target}`)).toHaveProperty('kind');
        },
      ),
    );
  });
});
