import { keyLines, tomlKeyLines } from '../../../lib/config/sources/key-lines.js';

const AUTH = ['[auth]', 'enabled = true'];

describe('tomlKeyLines', () => {
  it.each<[string, readonly string[], number | undefined]>([
    ['a key', AUTH, 2],
    ['an indented key', ['[auth]', '', '\t  enabled=true'], 3],
    ['a key of a spaced header', [' [ auth ] # users', 'enabled = true'], 2],
    ['a dotted key', ['auth.enabled = true'], 1],
    ['a quoted header', ['["auth"]', 'enabled = true'], undefined],
    ['a quoted key', ['[auth]', '"enabled" = true'], undefined],
    ['a dotted key with spaces', ['auth . enabled = true'], undefined],
    ['a key of an inline table', ['auth = { enabled = true }'], undefined],
    ['a key of another section', ['[auth]', '[other]', 'enabled = true'], undefined],
    ['a key of a list', ['[auth]', '[[other]]', 'enabled = true'], undefined],
    ['a key below', ['[auth.more]', 'enabled = true'], undefined],
    ['a key below a spaced header', ['[auth . more]', 'enabled = true'], undefined],
    ['a key below a quoted header', ['[auth."more"]', 'enabled = true'], undefined],
    ['a key in a comment', ['[auth]', '# enabled = true'], undefined],
    ['a header in a comment', ['#[other]', ...AUTH, '#[other]'], 3],
    ['a key after a comment with quotes', ['# """', ...AUTH, '# """'], 3],
    ['a key in a text', ['note = """', ...AUTH, '"""'], undefined],
    ['a key in a literal text', ["note = '''", ...AUTH, "'''"], undefined],
    ['a key after a text', ['note = """', '[other]', '"""', ...AUTH], 5],
    ['a key after a text with quotes', ['note = """', '\\""" "" ', '""""" # "', ...AUTH], 5],
    ['a key after quotes in a text', [`note = "'''"`, ...AUTH, `other = "'''"`], 3],
    ['a key after escaped quotes', ['note = "\\"""', ...AUTH, 'other = ""'], 3],
    ['a key after quotes in a literal text', [`note = '"""'`, ...AUTH, `other = '"""'`], 3],
    [
      'a key after a list of lists',
      ['[auth]', 'list = [', '["other"],', ']', 'enabled = 1'],
      undefined,
    ],
  ])('of %s', (_, lines, line) => {
    for (const end of ['\n', '\r\n']) {
      expect(tomlKeyLines(lines.join(end)).get('auth.enabled')).toBe(line);
    }
  });

  it('knows the lines of sections', () => {
    expect(tomlKeyLines('a = 1\n[auth]\n[[http]]\n').get('auth')).toBe(2);
    expect(tomlKeyLines('a = 1\n[auth]\n[[http]]\n').get('http')).toBe(3);
  });
});

describe('keyLines', () => {
  it('finds what an .ini file says last, for that counts', () => {
    const lines = keyLines(
      '; [auth]\n[auth]\nenabled = false\r\n[http]\rauth-enabled = true\n[auth]\nenabled = true',
    );
    expect(Object.fromEntries(lines)).toMatchObject({
      'auth.enabled': 7,
      'http.auth-enabled': 5,
      auth: 6,
    });
  });

  it('does not mind quotes', () => {
    expect(keyLines("[auth]\nmeta-password = '''\nenabled = true\n").get('auth.enabled')).toBe(3);
  });
});
