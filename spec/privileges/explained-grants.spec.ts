import fc from 'fast-check';
import type { Explanation } from '../../lib/privileges/explanation.js';
import { explainApiRequest } from '../../lib/privileges/explanation.js';
import type { Permission } from '../../lib/privileges/permission.js';
import { PERMISSIONS } from '../../lib/privileges/permission.js';
import type { KapacitorUser } from '../../lib/privileges/user.js';
import { resolveUser } from '../../lib/privileges/user.js';
import { anyGrants, anyMethod, anyTarget } from './random-grants.js';

const holding = (
  grants: readonly string[],
  permissions: readonly Permission[] = [],
): KapacitorUser => resolveUser({ name: 'amy', type: 'normal', permissions, grants }, 'local');

/** The reasons for a decision, and the grant that would do. */
function explain(user: KapacitorUser, method: string, target: string): unknown[] {
  const { rules, grant } = explainApiRequest(user, method, target);
  return [...rules.map(({ reason }) => reason), grant];
}

describe('an explanation', () => {
  it.each<[grants: string[], permissions: Permission[], request: string, reasons: unknown[]]>([
    [
      ['write:database/telegraf'],
      [],
      'POST /write?db=telegraf',
      [
        'write on /api/write, by grant write:database/telegraf',
        'write on /database/telegraf, by grant write:database/telegraf',
        undefined,
      ],
    ],
    [
      ['write:database/telegraf'],
      [],
      'POST /write?db=other',
      [
        'write on /api/write, by grant write:database/telegraf',
        'no permission says anything of it',
        'write:database/other',
      ],
    ],
    [
      [],
      [],
      'POST /write?db=x&rp=raw',
      ['no permission says anything of it', 'write:database/x/raw'],
    ],
    [
      ['read:tasks', 'all:tasks/team-a.*'],
      [],
      'DELETE /kapacitor/v1/tasks/team-a.cpu',
      ['all on /api/tasks/team-a.*, by grant all:tasks/team-a.*', undefined],
    ],
    [
      ['read:tasks', 'all:tasks/team-a.*'],
      [],
      'PATCH /kapacitor/v1/tasks/team-b.cpu',
      ['read on /api/tasks, by grant read:tasks', 'read,write:tasks/team-b.cpu'],
    ],
    [['all:aB'], [], 'GET /ab', ['no permission says anything of it', 'all:ab']],
    [['none:aB'], [], 'GET /ab', ['no permission says anything of it', undefined]],
    [
      ['none:tasks/billing'],
      ['api'],
      'GET /tasks/billing',
      ['none on /api/tasks/billing, by grant none:tasks/billing', 'read:tasks/billing'],
    ],
    [
      ['none:tasks/BILLING'],
      ['api'],
      'GET /tasks/billing',
      [
        'all on /api, by permission api',
        'none on /api/tasks/billing, by grant none:tasks/BILLING',
        undefined,
      ],
    ],
    [
      ['write:database/x'],
      ['api'],
      'POST /write?db=x',
      [
        'write on /api/write, by grant write:database/x',
        'write on /database/x, by grant write:database/x',
        undefined,
      ],
    ],
    [
      [],
      ['api'],
      'GET /kapacitor/v1/storage',
      ['it is for administrators only: no permission is enough', undefined],
    ],
    // A grant on a database brings /write, which would take from /Write.
    [['all:Write'], [], 'POST /write?db=x', ['no permission says anything of it', undefined]],
    [['all:Wri*'], [], 'POST /write?db=x', ['no permission says anything of it', undefined]],
    [[], [], 'GET /kapacitor/v1/', ['no permission says anything of it', undefined]],
  ])(
    'with grants %j and permissions %j of %s names what decided',
    (grants, permissions, request, reasons) => {
      const [method = '', target = ''] = request.split(' ');
      expect(explain(holding(grants, permissions), method, target)).toEqual(reasons);
    },
  );

  it('shows the grants of the user, and of an entry; of one without any it is as ever', () => {
    const explained = explainApiRequest(holding(['read:tasks']), 'GET', '/tasks');
    expect(explained.user.grants).toEqual(['read:tasks']);
    expect(explained.rules[0]?.grants).toEqual(['read:tasks']);
    const plain = explainApiRequest(holding([], ['api']), 'GET', '/tasks');
    expect(JSON.stringify(plain)).not.toContain('grant');
  });

  it.each([false, true])(
    'offers a grant that is enough, and takes nothing away; case-sensitive: %s',
    (caseSensitive) => {
      const explained = (
        user: KapacitorUser,
        ...request: [method: string, target: string]
      ): Explanation => explainApiRequest(user, ...request, { caseSensitive });
      const permissions = fc.subarray<Permission>([...PERMISSIONS]);
      const others = fc.array(fc.tuple(anyMethod, anyTarget), { maxLength: 20 });
      const request = fc.tuple(anyMethod, anyTarget);
      fc.assert(
        fc.property(anyGrants, permissions, request, others, (grants, held, asked, requests) => {
          const user = holding(grants, held);
          const { grant } = explained(user, ...asked);
          if (grant === undefined) return;
          const raised = holding([...grants, grant], held);
          expect(explained(raised, ...asked).allowed).toBe(true);
          for (const other of requests) {
            if (!explained(user, ...other).allowed) continue;
            expect([...other, explained(raised, ...other).allowed]).toEqual([...other, true]);
          }
          for (const resource of Object.keys(raised.privileges)) {
            for (const privilege of ['read', 'write', 'delete'] as const) {
              if (user.can(privilege, resource)) expect(raised.can(privilege, resource)).toBe(true);
            }
          }
        }),
        { numRuns: 500 },
      );
    },
  );
});
