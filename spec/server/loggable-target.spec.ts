import fc from 'fast-check';
import { loggableTarget } from '../../lib/server/loggable-target.js';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VybmFtZSI6ImFteSJ9.c2VjcmV0-_';

/** One that is encrypted by a key both sides have: its second part is empty. */
const ENCRYPTED = 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..48V1_ALb6US04U3b.5eym8TW.XFBoMYUZ';

describe('loggableTarget', () => {
  it.each([
    ['/kapacitor/v1/ping', '/kapacitor/v1/ping'],
    ['/write?db=telegraf&rp=autogen', '/write?db=telegraf&rp=autogen'],
    ['/write?u=amy&p=secret', '/write'],
    ['/write?db=telegraf&p=secret&u=amy', '/write?db=telegraf'],
    ['/write?u=amy&db=telegraf&u=bob&p=secret', '/write?db=telegraf'],
    ['/write?P=secret', '/write'],
    ['/write?%70=secret', '/write'],
    ['/write?+p+=secret', '/write'],
    ['/write?%zz=secret', '/write'],
    ['/write?p', '/write'],
    ['/write?p%00=secret&%7Fp=secret&%00p%1F=secret&pass%0Aword=secret&p%2500=secret', '/write'],
    ['/write?%2570=secret&db=a', '/write?db=a'],
    ['/x?next=%2Fy%3Fp%00%20%01=secret', '/x'],
    ['/write?%2500%25c0%25b0p%2500=secret', '/write'],
    ['/write?%C1%B0=secret&%E0%81%B0=secret&%F0%80%81%B0=secret&%25C1%25B0=secret', '/write'],
    ['/write?p%25C2%25B9x%25C2%25BA=secret&p%25EF%25BD%2590=secret&db=a', '/write?db=a'],
    ['/x?a=%C1%B0%BD1&p\u00c1\u00b0=secret&a=\u00c1\u00b0=secret', '/x?a=%C1%B0%BD1'],
    ['/write?db=a;p=secret', '/write?db=a'],
    ['/write?db=a;rp=b&c=d#e=f?g=h', '/write?db=a;rp=b&c=d#e=f?g=h'],
    ['/write?p=secret;db=a;rp=b&', '/write?db=a;rp=b'],
    ['/write;db=a&u=amy;rp=b', '/write;db=a;rp=b'],
    ['/x#a=b', '/x#a=b'],
    ['/x?db=a&;rp=b', '/x?db=a&;rp=b'],
    ['/write?x?p=secret', '/write?x'],
    ['/x?a=//amy:sec;ret@host', '/x?...'],
    ['/x?a=//amy:secret&#64;host', '/x?...'],
    ['/x?a=//amy&#58;sec;ret@host', '/x?...'],
    ['/x?a=//amy\\u003asec;ret@host', '/x?...'],
    [`/x?id=${JWT}&db=a`, '/x?db=a'],
    [`/x?${JWT}&db=a`, '/x?db=a'],
    [`/x?a=b,${JWT}&next=/y?c=${JWT}&db=a`, '/x?next=/y&db=a'],
    [`/x?a=${JWT.replaceAll('.', '%2E')}&b=%2565yJ${JWT.slice(3)}&db=a`, '/x?db=a'],
    [`/x?db=a#${JWT}`, '/x?db=a'],
    [`/confirm/${JWT}/now?db=a`, '/confirm/(hidden)/now?db=a'],
    [`/confirm/x-${JWT}`, '/confirm/(hidden)'],
    [`/confirm/x,${JWT};y`, '/confirm/(hidden);y'],
    [`http://h/confirm/${JWT.replaceAll('.', '%2E')}/now`, 'http://h/confirm/(hidden)/now'],
    [`/confirm/${JWT}.x.y/p=secret`, '/confirm/(hidden)'],
    ['/confirm/eyJhbGciOiJub25lIn0.eyJ1IjoiYSJ9./x', '/confirm/(hidden)/x'],
    [`/x?id=${ENCRYPTED}&db=a`, '/x?db=a'],
    [`/confirm/${ENCRYPTED}/now`, '/confirm/(hidden)/now'],
    ...['{ "', '{\n"', '{\r\n"', '{\t"', ' {"', '\n \t{ "'].map((begin): [string, string] => [
      `/x?id=${Buffer.from(`${begin}alg":"none"}`).toString('base64url')}.e30.x&db=a`,
      '/x?db=a',
    ]),
    [`http://${JWT}/now?db=a`, '/(hidden)?db=a'],
    [`http://h:${JWT}/now`, '/(hidden)'],
    ['/kapacitor/v1/tasks/ewok.csv.gz', '/kapacitor/v1/tasks/ewok.csv.gz'],
    ['/kapacitor/v1/tasks/eyJump', '/kapacitor/v1/tasks/eyJump'],
    ['/kapacitor/v1/tasks/eyJump.cpu?a=1.eyJump', '/kapacitor/v1/tasks/eyJump.cpu?a=1.eyJump'],
    ['/kapacitor/v1/tasks/a.b.c?v=1.2.3', '/kapacitor/v1/tasks/a.b.c?v=1.2.3'],
    ['/x?pswd=secret&passwrd=secret&pass-phrase=secret&kennwort=secret&db=a', '/x?db=a'],
    ['/x?contrase%C3%B1a=secret&contrase\u00c3\u00b1a=secret&contrasena=secret&db=a', '/x?db=a'],
    ['/write?u[]=amy&p[]=secret&db=a', '/write?db=a'],
    ['/write?p%5B0%5D=secret&p[x][y]=secret&p.x=secret', '/write'],
    ['/write?password=secret&Token=secret&access_token=secret&db=a', '/write?db=a'],
    ['/write?api_key=secret&pwd=secret&jwt=secret&authorization=Basic+secret', '/write'],
    ['/write?up=1', '/write?up=1'],
    ['/tasks?pattern=p&passive=1&user=amy', '/tasks?pattern=p&passive=1&user=amy'],
    ['/x?p=sec&ret&db=a', '/x?db=a'],
    ['/x?p=sec&&ret&;ret&db=a', '/x?db=a'],
    ['/x?p=sec&ret=&db=a', '/x?db=a'],
    ['/x?db=a&limit=', '/x?db=a&limit='],
    ['/x?a=//amy:sec&ret@host', '/x?...'],
    ['/x#p=secret', '/x'],
    ['/write?', '/write'],
    ['http://amy:secret@localhost:9095/write?db=a', 'http://localhost:9095/write?db=a'],
    ['http://amy:sec@ret@localhost/', 'http://localhost/'],
    ['/write%3fu=amy%26p=secret', '/(hidden)'],
    ['/kapacitor/v1/write%3Fdb=x%26p=secret', '/kapacitor/v1/(hidden)'],
    ['/write%253fu%253damy%2526p%253dsecret?db=a', '/(hidden)?db=a'],
    ['/login?next=%2fwrite%3fu=amy%26p=secret&db=a', '/login?db=a'],
    ['/login?next=%252fwrite%253fp%253dsecret', '/login'],
    ['/login?next=http://amy:secret@host/x&db=a', '/login?db=a'],
    ['/login?next=%2f%2famy:secret%40host', '/login'],
    ['//amy:secret@host/write', '//host/write'],
    ['/x//amy:secret@host/write', '/x//host/write'],
    ['/x?new_password=secret&old-password=secret&newPassword=secret&a=b', '/x?a=b'],
    ['/x?pw=secret&api-key=secret&apiKey=secret&credentials=secret&client_secret=secret', '/x'],
    ['/x?x-auth-token=secret&access_key=secret&passphrase=secret&signature=secret', '/x'],
    ['/x?body={"password":1}&filter=a%3Dp', '/x?filter=a%3Dp'],
    ['/kapacitor/v1/users/amy@example.com', '/kapacitor/v1/users/amy@example.com'],
    ['/kapacitor/v1/tasks/a%20b', '/kapacitor/v1/tasks/a%20b'],
    [
      '/kapacitor/v1/tasks/gr%C3%B6%C3%9Fe?fields=a',
      '/kapacitor/v1/tasks/gr%C3%B6%C3%9Fe?fields=a',
    ],
    ['*', '*'],
    ['/subscribe/the-token/write?db=a', '/subscribe/(hidden)/write?db=a'],
    ['/subscribe/the-token', '/subscribe/(hidden)'],
    ['/%73ubscribe/the-token/write', '/%73ubscribe/(hidden)/write'],
    ['/svc/Subscribe/the-token/x?p=secret', '/svc/Subscribe/(hidden)/x'],
    ['http://gw/subscribe/the-token/write', 'http://gw/subscribe/(hidden)/write'],
    ['/subscribe', '/subscribe'],
    ['/subscribe/?db=a', '/subscribe/?db=a'],
    ['/unsubscribe/x', '/unsubscribe/x'],
    ['/subscriber/x%zz', '/(hidden)'],
    ['/subscribe//the-token/write', '/subscribe/(hidden)'],
    ['//subscribe/the-token/write', '//subscribe/(hidden)/write'],
    ['/subscribe%2Fthe-token/write', '/(hidden)'],
    ['/subscribe%252Fthe-token/write', '/(hidden)'],
    ['/subscribe;x/the-token/write', '/subscribe'],
    ['/subscribe%20/the-token/write', '/(hidden)'],
    ['/%20subscribe/the-token/write', '/(hidden)'],
    ['/subscribe\\\\the-token/write', '/(hidden)'],
    ['/subscribe/../subscribe/the-token/write', '/subscribe/(hidden)'],
    ['/subscribe/./the-token/write', '/subscribe/(hidden)'],
    ['/subscribe/subscribe/the-token/write', '/subscribe/(hidden)'],
    ['/subscribe/the-token/write/x/y', '/subscribe/(hidden)'],
    ['', ''],
  ])('logs %j as %j', (target, logged) => {
    expect(loggableTarget(target)).toBe(logged);
  });

  it('shows no more of a long target than its beginning', () => {
    const many = loggableTarget(`/write?${'a=1&'.repeat(4_000)}p=secret`);
    expect(many).toBe('/write?...');
    const long = loggableTarget(`/${'x'.repeat(10_000)}?db=a`);
    expect(long).toBe(`/${'x'.repeat(2_047)}...?db=a`);
  });

  it('never shows a password, however often the place where it stands is encoded', () => {
    const name = fc.constantFrom('p', 'u', 'password', 'new_password', 'api-key', 'apiToken', 'pw');
    const before = fc.constantFrom('/write?', '/x?a=b&next=/y?', '/x/y', '/x?z=');
    fc.assert(
      fc.property(
        before,
        name,
        fc.integer({ min: 0, max: 6 }),
        fc.boolean(),
        (start, key, times, whole) => {
          let tail = `?a=1&${key}=hunter2-secret`;
          for (let time = 0; time < times; time += 1) {
            tail = whole
              ? encodeURIComponent(tail)
              : tail.replaceAll('%', '%25').replace(/[?&=]/g, encodeURIComponent);
          }
          expect(loggableTarget(start + tail)).not.toContain('hunter2');
        },
      ),
    );
  });

  it('never shows a password, whatever invisible characters its name holds', () => {
    const invisible = fc.integer({ min: 0, max: 255 }).filter((byte) => byte < 32 || byte > 126);
    const name = fc.constantFrom('p', 'u', 'password', 'new_password', 'api-key', 'apiToken', 'pw');
    const before = fc.constantFrom('/write?', '/write?db=a&', '/x?next=%2Fy%3F', '/x?next=/y?a=1&');
    fc.assert(
      fc.property(
        before,
        name,
        fc.array(fc.tuple(invisible, fc.nat(12)), { maxLength: 4 }),
        fc.integer({ min: 0, max: 3 }),
        (start, word, hidden, times) => {
          let key: string = word;
          for (const [byte, place] of hidden) {
            const at = place % (key.length + 1);
            key = `${key.slice(0, at)}${String.fromCharCode(byte)}${key.slice(at)}`;
          }
          key = key.replace(/[^ -~]/g, (character) => {
            const code = character.charCodeAt(0).toString(16).padStart(2, '0');
            return `%${'25'.repeat(times)}${code}`;
          });
          expect(loggableTarget(`${start}${key}=hunter2-secret`)).not.toContain('hunter2');
        },
      ),
    );
  });

  it('never shows a password, wherever the parameter stands', () => {
    const word = fc.stringMatching(/^[a-z0-9%+=?;&]{0,12}$/);
    fc.assert(
      fc.property(word, word, fc.constantFrom('?', '&', ';'), (before, after, separator) => {
        const target = `/write?${before}${separator}p=hunter2-secret&${after}`;
        expect(loggableTarget(target)).not.toContain('hunter2-secret');
      }),
    );
  });
});
