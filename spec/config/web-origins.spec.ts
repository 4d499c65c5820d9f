import { webOrigins } from '../../lib/config/web-origins.js';

describe('webOrigins', () => {
  it.each([
    ['', []],
    ['https://console.example', ['https://console.example']],
    ['HTTP://Localhost:80 ,https://[::1]:8443', ['http://localhost', 'https://[::1]:8443']],
  ])('reads %p', (text, origins) => {
    expect(webOrigins.fromText(text)).toEqual(origins);
    expect(webOrigins.fromText(webOrigins.print(origins).toString())).toEqual(origins);
  });

  it.each([
    '*',
    'https://*.example',
    'null',
    'console.example',
    'ftp://a',
    'https://a/',
    'https://a/path',
    'https://a?b',
    'https://amy:pw@a',
    'https://a:99999',
    'https://a,',
    'https://a\\b',
    'https://a b',
  ])('refuses %p', (text) => {
    expect(webOrigins.fromText(text)).toBeUndefined();
  });
});
