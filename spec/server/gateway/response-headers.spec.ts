import fc from 'fast-check';
import { isField, responseHeaders } from '../../../lib/server/gateway/response-headers.js';

describe('the fields of an answer that the client gets', () => {
  it.each<[field: string, value: string, passes: boolean, ifItJudges: boolean]>([
    ['Content-Type', 'text/plain', true, true],
    ['content-length', '2', true, true],
    ['X-Made-Up', '', true, true],
    ['Set-Cookie', 'a=b', false, true],
    ['set-cookie', 'a=b', false, true],
    ['WWW-Authenticate', 'Basic', false, true],
    ['www-authenticate', 'Basic', false, true],
    ['Access-Control-Allow-Origin', '*', false, false],
    ['ACCESS-CONTROL-made-up', '*', false, false],
    ['Keep-Alive', 'timeout=5', false, false],
    ['Transfer-Encoding', 'chunked', false, false],
    ['Upgrade', 'h2c', false, false],
    ['Proxy-Authenticate', 'Basic', false, false],
  ])('%s: %s passes: %s; if the upstream judges: %s', (field, value, passes, ifItJudges) => {
    // Remembered or not, and as bytes: undici gives both.
    for (const raw of [
      [field, value],
      [field, value],
      [Buffer.from(field), Buffer.from(value)],
    ]) {
      expect(responseHeaders(raw, false)).toEqual(passes ? [field, value] : []);
      expect(responseHeaders(raw, true)).toEqual(ifItJudges ? [field, value] : []);
    }
  });

  it('are without those that any Connection names', () => {
    const raw = ['Connection', 'X-One', 'X-One', '1', 'x-two', '2', 'connection', 'close, X-TWO'];
    expect(responseHeaders([...raw, 'x-three', '3'], false)).toEqual(['x-three', '3']);
  });

  it('keep their bytes, one character each', () => {
    expect(responseHeaders(['x-name', Buffer.from([0x7a, 0xeb])], false)).toEqual(['x-name', 'zë']);
  });
});

it('a field has a name in any case', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-zA-Z-]{0,12}$/),
      fc.stringMatching(/^[a-z-]{0,12}$/),
      (field, name) => {
        expect(isField(field, name)).toBe(field.toLowerCase() === name);
        expect(isField(name.toUpperCase(), name)).toBe(true);
      },
    ),
  );
});
