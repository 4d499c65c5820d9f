import fc from 'fast-check';
import { readApiRequest } from '../../lib/privileges/api-request.js';
import { judgeApiRequest } from '../../lib/privileges/judge.js';
import { databaseParameter } from '../../lib/privileges/request-path.js';
import { resolveUser } from '../../lib/privileges/user.js';
import { forwardedQuery } from '../../lib/server/gateway/forwarded-query.js';

function throwsAt(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch {
    return true;
  }
}

describe('what a request asks for', () => {
  it.each([
    ['GET', '/kapacitor/v1/tasks', 'read', '/api/tasks', '/kapacitor/v1/tasks'],
    ['HEAD', '/kapacitor/v1/tasks/', 'read', '/api/tasks', '/kapacitor/v1/tasks/'],
    ['POST', '/kapacitor/v1/tasks?a=b', 'write', '/api/tasks', '/kapacitor/v1/tasks'],
    ['PUT', '/kapacitor/v1preview/config', 'write', '/api/config', '/kapacitor/v1preview/config'],
    ['PATCH', '/KAPACITOR/V1/Config', 'write', '/api/Config', '/KAPACITOR/V1/Config'],
    ['DELETE', '/kapacitor/v1', 'delete', '/api', '/kapacitor/v1'],
    ['OPTIONS', '/kapacitor/v1/config', 'none', '/api/config', '/kapacitor/v1/config'],
    ['TRACE', '/', 'all', '/api', '/'],
    ['PROPFIND', '/elsewhere', 'all', '/api/elsewhere', '/elsewhere'],
    ['get', '/kapacitor/v1x/config', 'all', '/api/kapacitor/v1x/config', '/kapacitor/v1x/config'],
    ['GET', '/write', 'read', '/api/write', '/write'],
    ['GET', '/kapacitor/v1/t%61sks/%C3%A9', 'read', '/api/tasks/é', '/kapacitor/v1/tasks/%C3%A9'],
    [
      'GET',
      '/kapacitor/v1/tasks/a%2520b',
      'read',
      '/api/tasks/a%20b',
      '/kapacitor/v1/tasks/a%2520b',
    ],
    ['GET', '/a:b@c$d,e', 'read', '/api/a:b@c$d,e', '/a:b@c$d,e'],
    ['GET', '/a%3Fb', 'read', '/api/a?b', '/a%3Fb'],
  ])('%s %s is "%s" on %s', (method, target, privilege, resource, path) => {
    expect(readApiRequest(method, target)).toMatchObject({
      privilege,
      resource,
      path,
      database: undefined,
    });
  });

  it.each([
    ['POST', '/write?db=mydb', 'mydb'],
    ['POST', '/kapacitor/v1/write?rp=autogen&db=my+db%2Fx', 'my db/x'],
    ['PUT', '/kapacitor/v1/WRITE/?db=d', 'd'],
    ['POST', '/kapacitor/v1/write/below?db=d', 'd'],
    ['POST', '/write?db=', undefined],
    ['POST', '/write', undefined],
    ['POST', '/write?DB=mydb', undefined],
    ['GET', '/write?db=mydb', undefined],
    ['POST', '/kapacitor/v1/tasks?db=mydb', undefined],
  ])('%s %s writes to %j', (method, target, database) => {
    expect(readApiRequest(method, target).database).toBe(database);
  });

  it.each([
    'kapacitor/v1/config',
    '',
    '*',
    'http://host/kapacitor/v1/config',
    '/kapacitor/v1/tasks%2f..%2fconfig',
    '/kapacitor/v1%2Fconfig',
    '/kapacitor/v1/tasks/../config',
    '/kapacitor/v1/./config',
    '/kapacitor/v1/%2e%2E/config',
    '/kapacitor/v1/tasks/%2e',
    '/kapacitor/v1/..',
    '/kapacitor/v1//config',
    '//kapacitor/v1/config',
    '/kapacitor/v1/config//',
    '/kapacitor/v1\\config',
    '/kapacitor/v1/%5cconfig',
    '/kapacitor/v1/config%00',
    '/kapacitor/v1/config%0d%0a',
    '/kapacitor/v1/%ff',
    '/kapacitor/v1/%c0%ae%c0%ae/config',
    '/kapacitor/v1/%zz',
    '/kapacitor/v1/config%',
    '/kapacitor/v1/con fig',
    '/kapacitor/v1/tasks#/config',
    '/kapacitor/v1/tasks?x#y',
    '/kapacitor/v1/ké',
    '/kapacitor/v1/tasks\u00a0',
  ])('%j could be read in two ways: 400', (target) => {
    expect(() => readApiRequest('GET', target)).toThrow(
      expect.objectContaining({ code: 'ERR_KAUTH_AMBIGUOUS_PATH', status: 400 }),
    );
  });

  it.each([
    'db=a&db=b',
    'db=a&d%62=b',
    'db[]=a',
    'db%5B%5D=a',
    '[db]=a',
    'db[x]=a',
    'db=%ff',
    'db=%',
    'db=a&rp=b&rp=b',
    'db=a&rp[]=b',
    'db=a&rp=%ff',
  ])('a write with %s could be read in two ways: 400', (query) => {
    expect(() => readApiRequest('POST', `/write?${query}`)).toThrow(
      expect.objectContaining({ code: 'ERR_KAUTH_AMBIGUOUS_PATH' }),
    );
  });

  it.each(['a;b', 'db=a;db=b', 'pattern=a;b', '%ff=x', 'x=1&%=2', '%zz'])(
    'a query %s is read in two ways: 400, as at the gateway',
    (query) => {
      for (const target of [`/kapacitor/v1/tasks?${query}`, `/write?${query}`]) {
        expect(() => readApiRequest('GET', target)).toThrow(
          expect.objectContaining({ code: 'ERR_KAUTH_AMBIGUOUS_PATH', status: 400 }),
        );
        expect(() => forwardedQuery(target)).toThrow(/^ambiguous query/);
      }
    },
  );

  it('refuses every query that the gateway can not forward', () => {
    const unit = fc.constantFrom(
      'u',
      'p',
      '=',
      '&',
      '+',
      ';',
      '%',
      '%75',
      '%ff',
      '%3B',
      '%zz',
      'é',
    );
    const path = fc.constantFrom('/kapacitor/v1/tasks', '/write', '/ping', '/debug/vars', '/x');
    const method = fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE');
    fc.assert(
      fc.property(method, path, fc.string({ unit }), (asked, start, query) => {
        const target = `${start}?${query}`;
        const isForwarded = !throwsAt(() => forwardedQuery(target));
        expect(isForwarded || throwsAt(() => readApiRequest(asked, target))).toBe(true);
      }),
    );
  });

  it('reads the db parameter as URLSearchParams does, where it reads it at all', () => {
    const text = fc.string({
      unit: fc.constantFrom('d', 'b', '=', '&', '+', '%20', '%C3%A9', 'x', '%26'),
    });
    fc.assert(
      fc.property(text, (query) => {
        const values = new URLSearchParams(query).getAll('db');
        if (values.length > 1) {
          expect(() => databaseParameter(query)).toThrow('ambiguous');
        } else {
          expect(databaseParameter(query)).toBe(values[0] === '' ? undefined : values[0]);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('judging a request', () => {
  const api = resolveUser({ name: 'u_api', type: 'normal', permissions: ['api'] }, 'local');
  const scoped = resolveUser(
    {
      name: 'w',
      type: 'normal',
      permissions: [],
      privileges: { '/api/write': ['write'], '/database/mydb': ['write'] },
    },
    'meta',
  );

  it('returns the path that was judged', () => {
    expect(judgeApiRequest(api, 'GET', '/kapacitor/v1/t%61sks?x')).toBe('/kapacitor/v1/tasks');
  });

  it('names the privilege and the path that are refused', () => {
    expect(() => judgeApiRequest(api, 'POST', '/kapacitor/v1/config/x?y')).toThrow(
      expect.objectContaining({
        code: 'ERR_KAUTH_FORBIDDEN',
        status: 403,
        message:
          'user u_api does not have "write" privilege for API endpoint "/kapacitor/v1/config/x"',
      }),
    );
  });

  it('names the database that is refused', () => {
    expect(() => judgeApiRequest(scoped, 'POST', '/write?db=other')).toThrow(
      expect.objectContaining({
        code: 'ERR_KAUTH_FORBIDDEN_DATABASE',
        message: 'user w does not have "write" privilege for database "other"',
      }),
    );
    expect(judgeApiRequest(scoped, 'POST', '/write?db=mydb')).toBe('/write');
  });

  it('takes the privilege on a database for all of its retention policies', () => {
    expect(judgeApiRequest(scoped, 'POST', '/write?db=mydb&rp=monthly')).toBe('/write');
    expect(() => judgeApiRequest(scoped, 'POST', '/write?db=other&rp=mydb')).toThrow(
      'user w does not have "write" privilege for database "other"',
    );
    expect(judgeApiRequest(scoped, 'POST', '/write')).toBe('/write');
  });

  describe('of a subscription', () => {
    const subscriber = resolveUser(
      {
        name: '~subscriber',
        type: 'normal',
        permissions: [],
        privileges: { '/api/write': ['write'], '/database/my%2Fdb/a.b': ['write'] },
      },
      'subscription',
    );
    const refusal = (place: string) =>
      `user ~subscriber does not have "write" privilege for database ${place}`;

    it.each(['/write?db=my/db&rp=a.b', '/kapacitor/v1/write?precision=ns&rp=a%2Eb&db=my%2Fdb'])(
      'lets it write to its place: %s',
      (target) => {
        expect(judgeApiRequest(subscriber, 'POST', target)).toMatch(/write$/);
      },
    );

    it.each([
      ['db=my/db&rp=A.b', refusal('"my/db", retention policy "A.b"')],
      ['db=my/db&rp=a.b/c', refusal('"my/db", retention policy "a.b/c"')],
      ['db=my/db', refusal('"my/db"')],
      ['db=my/db&rp=', refusal('"my/db"')],
      ['db=my/db/a.b', refusal('"my/db/a.b"')],
      ['db=my&rp=db', refusal('"my", retention policy "db"')],
      ['rp=a.b', 'a subscription token needs the parameter "db"'],
      ['DB=my/db&rp=a.b', 'a subscription token needs the parameter "db"'],
    ])('refuses a write elsewhere: %s', (query, message) => {
      expect(() => judgeApiRequest(subscriber, 'POST', `/write?${query}`)).toThrow(
        expect.objectContaining({ code: 'ERR_KAUTH_FORBIDDEN_DATABASE', status: 403, message }),
      );
    });
  });

  it('does not depend on case: a router that ignores it must not run what is refused', () => {
    const spelling = fc
      .array(fc.boolean(), { minLength: 20, maxLength: 20 })
      .map((upper) =>
        [...'/kapacitor/v1/config']
          .map((letter, index) => (upper[index] === true ? letter.toUpperCase() : letter))
          .join(''),
      );
    fc.assert(
      fc.property(spelling, (path) => {
        expect(() => judgeApiRequest(api, 'GET', path)).toThrow(
          expect.objectContaining({ code: 'ERR_KAUTH_FORBIDDEN' }),
        );
      }),
    );
  });

  it('does not take a letter that merely becomes another in lower case for it', () => {
    // U+212A, the kelvin sign, is a small "k" in lower case; no route of ASCII letters matches it.
    const tasks = resolveUser(
      { name: 't', type: 'normal', permissions: [], privileges: { '/api/tasks': ['all'] } },
      'local',
    );
    expect(judgeApiRequest(tasks, 'GET', '/kapacitor/v1/TASKS'.toLowerCase())).toBe(
      '/kapacitor/v1/tasks',
    );
    expect(() => judgeApiRequest(tasks, 'GET', '/kapacitor/v1/tas%E2%84%AAs')).toThrow('privilege');
  });
});
