import { upstreamUrl } from '../../lib/config/upstream-url.js';

describe('upstreamUrl', () => {
  it.each([
    ['', ''],
    ['http://127.0.0.1:9092', 'http://127.0.0.1:9092'],
    ['HTTPS://Kapacitor:443/', 'https://kapacitor'],
    ['http://[::1]:80', 'http://[::1]'],
  ])('reads %p as %p', (text, origin) => {
    expect(upstreamUrl.fromText(text)).toBe(origin);
    expect(upstreamUrl.fromValue(text)).toBe(origin);
  });

  it.each([
    '127.0.0.1:9092',
    'ftp://a',
    'http://',
    'http://a/path',
    'http://a//',
    'http://a?b',
    'http://a#b',
    'http://amy:pw@a',
    'http://a:0x50',
    'http://a b',
    'http://a\\b',
  ])('refuses %p', (text) => {
    expect(upstreamUrl.fromText(text)).toBeUndefined();
  });

  it('refuses what is no text', () => {
    expect(upstreamUrl.fromValue(9092)).toBeUndefined();
  });
});
