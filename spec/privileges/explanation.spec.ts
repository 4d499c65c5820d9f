import fc from 'fast-check';
import { KapacitorAuthError } from '../../lib/errors.js';
import { explainApiRequest } from '../../lib/privileges/explanation.js';
import { judgeApiRequest } from '../../lib/privileges/judge.js';
import type { MetaGrant } from '../../lib/privileges/meta-permissions.js';
import {
  metaPermissions,
  metaPrivileges,
  sumGrants,
} from '../../lib/privileges/meta-permissions.js';
import type { Permission } from '../../lib/privileges/permission.js';
import { PERMISSIONS } from '../../lib/privileges/permission.js';
import { includesPrivilege, PRIVILEGES, privilegeSet } from '../../lib/privileges/privilege.js';
import type { KapacitorUser } from '../../lib/privileges/user.js';
import { resolveUser } from '../../lib/privileges/user.js';

function local(...permissions: readonly Permission[]): KapacitorUser {
  return resolveUser({ name: 'amy', type: 'normal', permissions }, 'local');
}

function meta(...grants: readonly MetaGrant[]): KapacitorUser {
  const permissions = metaPermissions(sumGrants(grants));
  const privileges = metaPrivileges(sumGrants(grants));
  return resolveUser({ name: 'max', type: 'normal', permissions, privileges }, 'meta');
}

const root = resolveUser({ name: 'root', type: 'admin', permissions: [] }, 'local');

describe('explaining a request', () => {
  it('says which resource was needed, which entry decided and which permission made it', () => {
    expect(explainApiRequest(local('api'), 'DELETE', '/kapacitor/v1/t%61sks/cpu?x')).toEqual({
      user: { name: 'amy', type: 'normal', permissions: ['api'], source: 'local' },
      method: 'DELETE',
      target: '/kapacitor/v1/t%61sks/cpu?x',
      allowed: true,
      path: '/kapacitor/v1/tasks/cpu',
      rules: [
        {
          rule: 'endpoint',
          privilege: 'delete',
          resource: '/api/tasks/cpu',
          allowed: true,
          entry: { resource: '/api', privileges: ['all'] },
          permissions: ['api'],
          reason: 'all on /api, by permission api',
        },
      ],
      remedies: [],
    });
  });

  it('says what takes a resource away, and which permissions would allow it', () => {
    expect(explainApiRequest(local('api'), 'GET', '/kapacitor/v1/config/influxdb')).toMatchObject({
      allowed: false,
      refusal: {
        status: 403,
        code: 'ERR_KAUTH_FORBIDDEN',
        message:
          'user amy does not have "read" privilege for API endpoint "/kapacitor/v1/config/influxdb"',
      },
      rules: [
        {
          resource: '/api/config/influxdb',
          entry: { resource: '/api/config', privileges: ['none'] },
          permissions: ['api'],
          reason: 'none on /api/config, by permission api',
        },
      ],
      remedies: ['config_api', 'all'],
    });
  });

  it('adds the rule of the database to a write', () => {
    const { rules } = explainApiRequest(local('write_points'), 'POST', '/write?db=my+db');
    expect(rules).toMatchObject([
      {
        rule: 'endpoint',
        resource: '/api/write',
        reason: 'all on /api/write, by permission write_points',
      },
      {
        rule: 'database',
        privilege: 'write',
        resource: '/database/my%20db',
        reason: 'write on /database, by permission write_points',
      },
    ]);
  });

  it('shows the rule about case where case decides', () => {
    const { allowed, rules } = explainApiRequest(local('api'), 'GET', '/kapacitor/v1/CONFIG');
    expect(allowed).toBe(false);
    expect(rules).toMatchObject([
      { rule: 'endpoint', resource: '/api/CONFIG', allowed: true },
      { rule: 'endpoint-in-any-case', resource: '/api/config', allowed: false },
    ]);
    const options = { caseSensitive: true };
    expect(explainApiRequest(local('api'), 'GET', '/kapacitor/v1/CONFIG', options)).toMatchObject({
      allowed: true,
      rules: [{ resource: '/api/CONFIG' }],
    });
  });

  it.each<[string, KapacitorUser, string, string, string]>([
    ['an administrator', root, 'PURGE', '/x', 'an administrator may do everything'],
    ['a method that needs nothing', local(), 'OPTIONS', '/x', 'the method needs no privilege'],
    ['nothing granted', local(), 'GET', '/x', 'no permission says anything of it'],
    [
      'several permissions',
      local('config_api', 'write_points'),
      'GET',
      '/ping',
      'all on /api/ping, by permission config_api and write_points',
    ],
    [
      'a permission of a meta node',
      meta({ permission: 'WriteData', database: 'telegraf' }),
      'GET',
      '/write',
      'write on /api/write, by the meta node',
    ],
  ])('gives a reason for %s', (_what, user, method, target, reason) => {
    expect(explainApiRequest(user, method, target).rules[0]?.reason).toBe(reason);
  });

  it('says what is ambiguous about a path', () => {
    expect(explainApiRequest(root, 'GET', '/kapacitor/v1/../config')).toEqual({
      user: { name: 'root', type: 'admin', permissions: [], source: 'local' },
      method: 'GET',
      target: '/kapacitor/v1/../config',
      allowed: false,
      refusal: {
        status: 400,
        code: 'ERR_KAUTH_AMBIGUOUS_PATH',
        message: 'ambiguous path: it holds a dot segment',
      },
      rules: [],
      remedies: [],
    });
  });

  it('offers no local permission to users of a meta node', () => {
    const max = meta({ permission: 'KapacitorAPI', database: '' });
    expect(explainApiRequest(max, 'GET', '/kapacitor/v1/config')).toMatchObject({
      allowed: false,
      rules: [{ permissions: [], reason: 'none on /api/config, by the meta node' }],
      remedies: [],
    });
  });
});

const database = fc.constantFrom('', 'telegraf', 'a/b', 'A');
const grant = fc.record({
  permission: fc.constantFrom(
    'KapacitorAPI',
    'KapacitorConfigAPI',
    'ReadData',
    'WriteData',
    '9',
    'Monitor',
  ),
  database,
});
const resource = fc.constantFrom(
  '/',
  '/api',
  '/api/Config',
  '/api/config',
  '/api/tasks/a',
  '/api/write',
  '/database',
  '/database/A',
);
const user: fc.Arbitrary<KapacitorUser> = fc.oneof(
  fc.subarray([...PERMISSIONS]).map((permissions) => local(...permissions)),
  fc.array(grant, { maxLength: 4 }).map((grants) => meta(...grants)),
  fc
    .dictionary(resource, fc.subarray([...PRIVILEGES]))
    .map((privileges) =>
      resolveUser({ name: 'odd', type: 'normal', permissions: [], privileges }, 'meta'),
    ),
  fc.constant(root),
);
const method = fc.constantFrom(
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'get',
);
const segment = fc.constantFrom(
  'kapacitor',
  'v1',
  'v1preview',
  'V1',
  'config',
  'CONFIG',
  'c%6Fnfig',
  'tasks',
  'a',
  'ping',
  'write',
  'Write',
  '..',
  '',
  '%2f',
  '%ff',
  'é',
);
const query = fc.constantFrom(
  '',
  '?db=telegraf',
  '?db=a/b',
  '?db=A',
  '?db=a',
  '?db=',
  '?db=a&db=b',
  '?db[]=a',
  '?x=1',
);
const target = fc
  .tuple(
    fc.constantFrom('', '/kapacitor/v1', '/kapacitor/v1preview', '/write'),
    fc.array(segment, { maxLength: 4 }),
    query,
  )
  .map(
    ([prefix, segments, parameters]) => `${[prefix, ...segments].join('/') || '/'}${parameters}`,
  );
const options = fc.record({ caseSensitive: fc.boolean() });

/** The word of the judge: the path, or the refusal. */
function judged(...[who, how, what, judge]: Parameters<typeof judgeApiRequest>): object {
  try {
    return { allowed: true, path: judgeApiRequest(who, how, what, judge) };
  } catch (error) {
    if (!(error instanceof KapacitorAuthError)) throw error;
    const { status, code, message } = error;
    return { allowed: false, refusal: { status, code, message } };
  }
}

describe('an explanation', () => {
  it('has the verdict, the path and the refusal of the judge', () => {
    const seen = new Set<string | undefined>();
    fc.assert(
      fc.property(user, method, target, options, (who, how, what, judge) => {
        const explained = explainApiRequest(who, how, what, judge);
        expect(explained).toMatchObject(judged(who, how, what, judge));
        seen.add(explained.refusal?.code);
      }),
      { numRuns: 3000 },
    );
    // What was generated reached every kind of verdict.
    expect([...seen].sort()).toEqual([
      'ERR_KAUTH_AMBIGUOUS_PATH',
      'ERR_KAUTH_FORBIDDEN',
      'ERR_KAUTH_FORBIDDEN_DATABASE',
      undefined,
    ]);
  });

  it('shows entries that bear out each of its verdicts', () => {
    fc.assert(
      fc.property(user, method, target, options, (who, how, what, judge) => {
        const { rules, allowed, refusal } = explainApiRequest(who, how, what, judge);
        for (const { entry, privilege, allowed: isKept } of rules) {
          expect(includesPrivilege(privilegeSet(entry?.privileges ?? []), privilege)).toBe(isKept);
        }
        if (refusal?.status === 400) expect(rules).toEqual([]);
        else
          expect(rules.map((rule) => rule.allowed)).toEqual([
            ...rules.slice(1).map(() => true),
            allowed,
          ]);
      }),
      { numRuns: 3000 },
    );
  });

  it('offers exactly the permissions that change the verdict', () => {
    fc.assert(
      fc.property(fc.subarray([...PERMISSIONS]), method, target, (granted, how, what) => {
        const { allowed, refusal, remedies } = explainApiRequest(local(...granted), how, what);
        const enough = PERMISSIONS.filter(
          (permission) => explainApiRequest(local(...granted, permission), how, what).allowed,
        );
        expect(remedies).toEqual(allowed || refusal?.status === 400 ? [] : enough);
      }),
    );
  });
});
