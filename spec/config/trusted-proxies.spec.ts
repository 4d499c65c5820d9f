import { parseTrustedProxies } from '../../lib/config/trusted-proxies.js';

describe('parseTrustedProxies', () => {
  it.each([
    ['', []],
    ['127.0.0.1', ['127.0.0.1']],
    [' 10.0.0.0/8 ,::1', ['10.0.0.0/8', '::1']],
    ['2001:db8::/32,fd00::/8', ['2001:db8::/32', 'fd00::/8']],
    ['0.0.0.0/0,::/0', ['0.0.0.0/0', '::/0']],
    ['192.0.2.1/32,2001:db8::1/128', ['192.0.2.1/32', '2001:db8::1/128']],
    ['::ffff:10.0.0.1', ['::ffff:10.0.0.1']],
  ])('reads %j', (text, proxies) => {
    expect(parseTrustedProxies(text)).toEqual(proxies);
    expect(Object.isFrozen(parseTrustedProxies(text))).toBe(true);
  });

  it.each([
    ...['proxy', 'localhost', 'loopback', 'true', '1', '*', ' ', ',', '127.0.0.1,', '10.0.0.1;::1'],
    ...[
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      '10.0.0.0/255.0.0.0',
      '10.0.0/8',
    ],
    ...['::/129', '[::1]', 'fe80::1%eth0', '127.0.0.1:80', '10.0.0.0/8.0', '10.0.0.0/0x8'],
  ])('refuses %j', (text) => {
    expect(parseTrustedProxies(text)).toBeUndefined();
  });
});
