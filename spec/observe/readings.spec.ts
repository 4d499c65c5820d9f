import { readings } from '../../lib/observe/readings.js';

describe('the readings of a text', () => {
  it.each([
    ['plain', ['plain']],
    ['a%2561', ['a%2561', 'a%61', 'aa']],
    ['%41\\u0042&#67;', ['%41\\u0042&#67;', 'ABC']],
    ['\u00e9', ['e\u0301', 'e', '', '%e9', '\ufffd']],
  ])('of %j begin with what it is', (text, some) => {
    expect(readings(text)).toEqual(expect.arrayContaining(some));
  });

  it.each([
    ['five layers of encoding', `%${'25'.repeat(5)}61`],
    ['more than 16 ways', '%E0%81%B0%25C1%25B0%C2%B9%25C2%B9'],
    ['ways that are too long together', '\u00e9%E0%81%B0%25C1%25B0'.repeat(200)],
  ])('are not given of %s', (_what, text) => {
    expect(readings(text) === undefined).toBe(true);
  });
});
