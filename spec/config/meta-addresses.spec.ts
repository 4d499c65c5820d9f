import { parseMetaAddresses } from '../../lib/config/meta-addresses.js';

describe('parseMetaAddresses', () => {
  it.each([
    ['', []],
    ['meta:8091', ['meta:8091']],
    ['meta-1.example.com:8091,meta_2:8091', ['meta-1.example.com:8091', 'meta_2:8091']],
    ['  a:1 , b:65535 ', ['a:1', 'b:65535']],
    ['127.0.0.1:80', ['127.0.0.1:80']],
    ['[::1]:8091,[2001:DB8::1]:1', ['[::1]:8091', '[2001:DB8::1]:1']],
    ['[::ffff:127.0.0.1]:8091', ['[::ffff:127.0.0.1]:8091']],
  ])('reads %j', (text, addresses) => {
    expect(parseMetaAddresses(text)).toEqual(addresses);
    expect(Object.isFrozen(parseMetaAddresses(text))).toBe(true);
  });

  it.each([
    ...[
      'meta',
      'meta:',
      ':8091',
      '8091',
      ':',
      ' ',
      ',',
      'a:1,',
      ',a:1',
      'a:1,,b:1',
      'a:1;b:1',
      'a:1 b:1',
    ],
    ...['a:0', 'a:65536', 'a:-1', 'a:08091', 'a:8091.5', 'a:http', 'a:1:2', 'a:99999999999'],
    ...[
      'http://a:1',
      'https://a:1',
      '//a:1',
      'a:1/',
      'a:1/path',
      'a:1?x',
      'user:pw@a:1',
      'user@a:1',
    ],
    ...[
      '::1:8091',
      '[::1]',
      '[::1:8091',
      '::1]:8091',
      '[a]:1',
      '[]:1',
      '[1.2.3.4]:1',
      '[fe80::1%eth0]:1',
    ],
    ...['256.1.1.1:80', 'm\u00e9ta:1', 'a b:1', 'a\n:1'],
  ])('refuses %j', (text) => {
    expect(parseMetaAddresses(text)).toBeUndefined();
  });
});
