import request from 'supertest';
import { expresses } from '../../support/expresses.js';
import { closeUsersApps, failure, postRaw, send, usersApp, V1 } from './users-app.js';

const TYPE = 'type must be "admin" or "normal"';
const PERMISSIONS = 'permissions must be a list of none, api, config_api, write_points, all';

afterAll(closeUsersApps);

describe.each(expresses)('a body for the users API on %s', (_name, express) => {
  const { app, auth } = usersApp({ express });

  describe('is refused', () => {
    it.each<[what: string, body: string, error: string]>([
      ['not JSON', '{nope', 'invalid JSON'],
      ['nothing', '', 'invalid JSON'],
      ['more after JSON', '{"name":"x","password":"x"} {}', 'invalid JSON'],
      ['with a byte order mark', '\ufeff{"name":"x","password":"x"}', 'invalid JSON'],
      ['a list', '[]', 'invalid JSON: the body must be an object'],
      ['null', 'null', 'invalid JSON: the body must be an object'],
      ['a text', '"x"', 'invalid JSON: the body must be an object'],
      ['a key twice', '{"type":"normal","type":"admin"}', 'the key "type" is given twice'],
      [
        'a key twice, once escaped',
        '{"type":"normal","\\u0074ype":"admin"}',
        'the key "type" is given twice',
      ],
      ['an unknown key twice', '{"x":1,"x":1}', 'the key "x" is given twice'],
      ['__proto__ twice', '{"__proto__":1,"__proto__":1}', 'the key "__proto__" is given twice'],
      ...['TYPE', 'Type', 'tYPE', '\\u0054ype'].map((key): [string, string, string] => [
        `with ${key} for type`,
        `{"name":"x","password":"x","${key}":"admin"}`,
        `unknown key ${JSON.stringify(JSON.parse(`"${key}"`))}: keys are name, password, type, permissions, grants, disabled, in these letters`,
      ]),
      [
        'with a long s',
        '{"pa\u017fsword":"x"}',
        'unknown key "pa\u017fsword": keys are name, password, type, permissions, grants, disabled, in these letters',
      ],
      ['without a name', '{"password":"x"}', 'username is required'],
      ['an empty name', '{"name":"","password":"x"}', 'username is required'],
      ['the name null', '{"name":null,"password":"x"}', 'username is required'],
      ['a name that is no text', '{"name":7,"password":"x"}', 'name must be a string'],
      [
        'a bad name',
        '{"name":"a b"}',
        "username must contain only letters, numbers, '-', '.', '@' and '_'. \"a b\"",
      ],
      [
        'the name ..',
        '{"name":"..","password":"x"}',
        "username must contain only letters, numbers, '-', '.', '@' and '_'. \"..\"",
      ],
      [
        'the name of a subscription',
        '{"name":"_sub:x","password":"x"}',
        "username must contain only letters, numbers, '-', '.', '@' and '_'. \"_sub:x\"",
      ],
      ['without a password', '{"name":"x"}', 'password is required'],
      ['an empty password', '{"name":"x","password":""}', 'password is required'],
      ['a password that is no text', '{"name":"x","password":["x"]}', 'password must be a string'],
      [
        'a long password',
        JSON.stringify({ name: 'x', password: 'é'.repeat(37) }),
        'password must not be longer than 72 bytes: bcrypt would ignore the rest',
      ],
      ['a bad type', '{"name":"x","password":"x","type":"boss"}', TYPE],
      ['an empty type', '{"name":"x","password":"x","type":""}', TYPE],
      ['a type in capitals', '{"name":"x","password":"x","type":"ADMIN"}', TYPE],
      ['a list as type', '{"name":"x","password":"x","type":["admin"]}', TYPE],
      [
        'a bad permission',
        '{"name":"x","password":"x","permissions":["api","fly","swim"]}',
        PERMISSIONS,
      ],
      ['a text as permissions', '{"name":"x","password":"x","permissions":"api"}', PERMISSIONS],
      [
        'permissions by number',
        '{"name":"x","password":"x","permissions":{"0":"api"}}',
        PERMISSIONS,
      ],
      ['several at once', '{"type":"boss","permissions":["fly"]}', `${TYPE}; ${PERMISSIONS}`],
      ['a bad type before a missing name', '{"type":"boss"}', TYPE],
    ])('when it is %s', async (_what, body, error) => {
      const users = await auth.users?.list();
      expect(await send(app, ['POST', V1, body])).toEqual(failure(400, error));
      expect(await auth.users?.list()).toEqual(users);
    });

    it.each<[what: string, body: string, error: string]>([
      ['nothing', '', 'invalid JSON'],
      ['a bad type', '{"type":"boss"}', TYPE],
      ['a bad permission', '{"permissions":[null]}', PERMISSIONS],
      ['a password that is no text', '{"password":1}', 'password must be a string'],
      [
        'a long password',
        JSON.stringify({ password: 'x'.repeat(73) }),
        'password must not be longer than 72 bytes: bcrypt would ignore the rest',
      ],
      [
        'a key twice',
        '{"permissions":[],"permissions":["all"]}',
        'the key "permissions" is given twice',
      ],
      [
        'with PASSWORD',
        '{"PASSWORD":"x"}',
        'unknown key "PASSWORD": keys are password, type, permissions, grants, disabled, in these letters',
      ],
    ])('for a change when it is %s', async (_what, body, error) => {
      const user = await auth.users?.get('api');
      expect(await send(app, ['PATCH', `${V1}/api`, body])).toEqual(failure(400, error));
      expect(await auth.users?.get('api')).toEqual(user);
    });

    it('when it is not UTF-8', async () => {
      const body = Buffer.from('{"name":"caf\xe9","password":"x"}', 'latin1');
      const answer = await postRaw(app, (sent) => sent.end(body));
      expect(answer).toEqual(failure(400, 'invalid JSON: the body is not UTF-8'));
    });

    it('without a word of the password', async () => {
      const bodies = [
        { password: 'hunter2' },
        { name: 'x', password: 'hunter2\u0000' },
        { name: 'x', password: ['hunter2'] },
        { name: 'x', password: `hunter2${'x'.repeat(99)}` },
      ];
      for (const body of bodies) {
        const { status, body: answered } = await send(app, ['POST', V1, body]);
        expect(status).toBe(400);
        expect(JSON.stringify(answered)).not.toContain('hunter2');
      }
    });
  });

  describe('is taken', () => {
    const made = { link: { rel: 'self', href: `${V1}/new` }, name: 'new', type: 'normal' };
    afterEach(async () => {
      await auth.users?.delete('new');
    });

    it.each<[what: string, body: string, permissions: readonly string[]]>([
      [
        'with null for what is left out',
        '{"name":"new","password":"x","type":null,"permissions":null}',
        [],
      ],
      [
        'with keys that mean nothing',
        '{"name":"new","password":"x","link":{},"admin":true,"hash":"$2b$"}',
        [],
      ],
      [
        'with __proto__, which changes nothing',
        '{"name":"new","password":"x","__proto__":{"type":"admin","permissions":["all"]}}',
        [],
      ],
      [
        'with keys of others twice inside',
        '{"name":"new","password":"x","x":{"type":1,"type":2}}',
        [],
      ],
      [
        'with permissions none and twice',
        '{"name":"new","password":"x","permissions":["none","api","api"]}',
        ['api'],
      ],
      [
        'with all permissions in parts',
        '{"name":"new","password":"x","permissions":["api","config_api","write_points"]}',
        ['all'],
      ],
      [
        'with keys that only look like known ones',
        '{"name":"new","password":"x","types":1,"usertype":2,"na me":3}',
        [],
      ],
      ['spaced and escaped', ' {\n"n\\u0061me" : "n\\u0065w",\t"password":"x" } \n', []],
    ])('%s', async (_what, body, permissions) => {
      const answer = await send(app, ['POST', V1, body]);
      expect(answer).toEqual({ status: 200, body: { ...made, permissions } });
    });

    it.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json',
      'nonsense',
      '',
    ])('as %j', async (type) => {
      const sent = request(app).post(V1).auth('root', 'pw').send('{"name":"new","password":"x"}');
      expect((await sent.set('Content-Type', type)).status).toBe(200);
    });

    it.each<[what: string, body: string]>([
      ['nothing at all', '{}'],
      ['null for all', '{"password":null,"type":null,"permissions":null}'],
      ['an empty password, as from Kapacitor', '{"password":""}'],
      ['a name, which stays', '{"name":"other","NAME":"other"}'],
    ])('for a change of %s', async (_what, body) => {
      const before = await auth.users?.get('api');
      expect((await send(app, ['PATCH', `${V1}/api`, body])).status).toBe(200);
      expect(await auth.users?.get('api')).toEqual(before);
      expect((await send(app, ['GET', V1], { user: 'api' })).status).toBe(200);
    });
  });
});
