import { AuthorizationError } from '../../lib/errors.js';
import { explainApiRequest } from '../../lib/privileges/explanation.js';
import { judgeApiRequest } from '../../lib/privileges/judge.js';
import {
  metaPermissions,
  metaPrivileges,
  sumGrants,
} from '../../lib/privileges/meta-permissions.js';
import { PRIVILEGES } from '../../lib/privileges/privilege.js';
import { databaseResource } from '../../lib/privileges/resource.js';
import type { KapacitorUser } from '../../lib/privileges/user.js';
import { ADMIN_USER, resolveUser } from '../../lib/privileges/user.js';

const GRANTS = [{ permission: 'KapacitorAPI', database: '' }];

const root = resolveUser({ name: 'root', type: 'admin', permissions: [] }, 'local');
const OTHERS: readonly (readonly [string, KapacitorUser])[] = [
  ['api', resolveUser({ name: 'a', type: 'normal', permissions: ['api'] }, 'local')],
  ['all', resolveUser({ name: 'b', type: 'normal', permissions: ['all'] }, 'local')],
  [
    'KapacitorAPI',
    resolveUser(
      {
        name: 'c',
        type: 'normal',
        permissions: metaPermissions(sumGrants(GRANTS)),
        privileges: metaPrivileges(sumGrants(GRANTS)),
      },
      'meta',
    ),
  ],
  [
    'privileges of a store of its own',
    resolveUser(
      {
        name: 'd',
        type: 'normal',
        permissions: [],
        privileges: {
          '/': ['all'],
          '/api/storage': ['all'],
          '/api/storage/backup': ['read'],
          [databaseResource('x')]: ['all'],
        },
      },
      'local',
    ),
  ],
];

const TARGETS = [
  '/kapacitor/v1/storage',
  '/kapacitor/v1/storage/',
  '/kapacitor/v1/storage/backup',
  '/kapacitor/v1/storage/stores',
  '/kapacitor/v1preview/storage/backup',
  '/kapacitor/v1/storage/backup?u=x&p=y',
  '/kapacitor/v1/st%6Frage/backup',
  '/KAPACITOR/V1/Storage/Backup',
  '/storage/backup',
];

describe("Kapacitor's stores, whose backup holds every hash and token", () => {
  describe.each(OTHERS)('with %s', (_grant, user) => {
    it.each(TARGETS)('%s is refused', (target) => {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
        expect(() => judgeApiRequest(user, method, target)).toThrow(AuthorizationError);
      }
      expect(judgeApiRequest(user, 'OPTIONS', target)).toMatch(/^\//);
    });

    it('the resource is refused to guards as well, however it is written', () => {
      for (const resource of ['/api/storage', '/api/storage/backup', '/api/x/../storage/']) {
        for (const privilege of PRIVILEGES) {
          expect(user.can(privilege, resource)).toBe(privilege === 'none');
        }
      }
    });

    it('what only begins alike is judged as ever', () => {
      expect(user.can('read', '/api/storages')).toBe(true);
      expect(judgeApiRequest(user, 'GET', '/kapacitor/v1/storages')).toBe('/kapacitor/v1/storages');
    });
  });

  it.each(TARGETS)('%s is allowed to administrators', (target) => {
    for (const user of [root, ADMIN_USER]) {
      expect(judgeApiRequest(user, 'GET', target)).toMatch(/^\//);
    }
    expect(root.can('all', '/api/storage/backup')).toBe(true);
  });

  it('the refusal reads as any other, and is explained', () => {
    const [, [, user] = ['', root]] = OTHERS;
    expect(explainApiRequest(user, 'GET', '/kapacitor/v1/storage/backup')).toMatchObject({
      allowed: false,
      refusal: {
        code: 'ERR_KAUTH_FORBIDDEN',
        message:
          'user b does not have "read" privilege for API endpoint "/kapacitor/v1/storage/backup"',
      },
      rules: [
        {
          rule: 'administrator',
          resource: '/api/storage/backup',
          allowed: false,
          reason: 'it is for administrators only: no permission is enough',
        },
      ],
      remedies: [],
    });
    expect(explainApiRequest(root, 'GET', '/kapacitor/v1/storage/backup')).toMatchObject({
      allowed: true,
      rules: [{ rule: 'endpoint', reason: 'an administrator may do everything' }],
    });
  });
});
