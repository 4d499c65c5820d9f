import fc from 'fast-check';
import type { RequestTarget } from '../../lib/privileges/request-path.js';
import { formatPath, parseRequestTarget } from '../../lib/privileges/request-path.js';

function parse(target: string): RequestTarget | undefined {
  try {
    return parseRequestTarget(target);
  } catch {
    return undefined;
  }
}

describe('a path that is plain', () => {
  const piece = fc.constantFrom(
    ...['a', 'Z', '0', '_', '~', '-', '.', '/', '..', '/.', '//', '%2e', '%2F', '%41', ';', ':'],
    ...['@', '%', '\\', '+', '=', '\u00e9', '\n', '\u0000', '#', '?', '?a=b', ' ', '%0a', '%5c'],
  );
  const target = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);

  it('is read and written as any other', () => {
    fc.assert(
      fc.property(target, (text) => {
        const parsed = parse(text);
        if (parsed?.plain === undefined) return;
        const { plain, ...rest } = parsed;
        expect(plain).toBe(text.replace(/\?.*/s, ''));
        expect(formatPath(rest)).toBe(plain);
        expect(rest.segments).toEqual(plain.split('/').filter((part) => part !== ''));
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['/kapacitor/v1/tasks', true],
    ['/a.b/~c-d_e/', true],
    ['/kapacitor/v1/tasks/a:b', false],
    ['/%61', false],
    ['/', false],
  ])('%s: %s', (text, isPlain) => {
    expect(parse(text)?.plain === text).toBe(isPlain);
  });

  it.each(['/a/../b', '/a/./b', '/a//b', '/.', '/..', '/a\\b', '/a%2fb', '/a\n', '/a/\n'])(
    'is none where it is ambiguous: %j',
    (text) => {
      expect(parse(text)).toBeUndefined();
    },
  );
});
