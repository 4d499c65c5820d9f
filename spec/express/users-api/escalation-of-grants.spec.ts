import fc from 'fast-check';
import { coversUser, judgeGrants } from '../../../lib/express/users-api/escalation.js';
import { judgeApiRequest } from '../../../lib/privileges/judge.js';
import type { Permission } from '../../../lib/privileges/permission.js';
import { PERMISSIONS } from '../../../lib/privileges/permission.js';
import type { KapacitorUser } from '../../../lib/privileges/user.js';
import { resolveUser } from '../../../lib/privileges/user.js';
import { anyGrants, anyMethod, anyTarget } from '../../privileges/random-grants.js';

const holding = (
  grants: readonly string[],
  permissions: readonly Permission[] = [],
): KapacitorUser => resolveUser({ name: 'amy', type: 'normal', permissions, grants }, 'local');

describe('a user covers another', () => {
  it('only if there is nothing that the other may and it may not', () => {
    const permissions = fc.subarray<Permission>([...PERMISSIONS]);
    const users = fc.tuple(anyGrants, permissions).map((parts) => holding(...parts));
    const related = fc
      .tuple(anyGrants, anyGrants, permissions)
      .map(([own, others, held]): [KapacitorUser, KapacitorUser] => [
        holding([...own, ...others], held),
        holding(others),
      ]);
    const pairs = fc.oneof(fc.tuple(users, users), related);
    const requests = fc.array(fc.tuple(anyMethod, anyTarget, fc.boolean()), {
      minLength: 30,
      maxLength: 60,
    });
    fc.assert(
      fc.property(pairs, requests, ([actor, user], asked) => {
        if (!coversUser(actor, user)) return;
        for (const [method, target, caseSensitive] of asked) {
          const options = { caseSensitive };
          if (!isAllowed(user, method, target, options)) continue;
          expect([method, target, isAllowed(actor, method, target, options)]).toEqual([
            method,
            target,
            true,
          ]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each<[held: string[], asked: string[], covered: boolean]>([
    [['all:tasks/a*'], ['read:tasks/ab'], true],
    [['all:tasks/a*'], ['read:tasks/ab*'], true],
    [['all:tasks/ab*'], ['read:tasks/a*'], false],
    [['all:tasks/a*'], ['read:tasks/A*'], false],
    [['all:tasks/a*', 'none:tasks/abc'], ['read:tasks/ab*'], false],
    [['all:tasks/a*', 'none:tasks/abc'], ['read:tasks/ab*', 'none:tasks/abc'], true],
    [['all:tasks/a*', 'none:tasks/abc*'], ['read:tasks/ab*'], false],
    [['all:tasks', 'none:tasks/SECRET'], ['read:tasks/secret'], false],
    [['all:tasks', 'none:tasks/SECRET'], ['read:tasks'], false],
    [['all:tasks'], ['none:tasks/SECRET', 'read:tasks'], true],
    [['all:*'], ['read:tasks', 'all:config/x*'], true],
    [['all:*'], ['write:database/x'], false],
    [['write:database'], ['write:database/x'], true],
    [['write:database/x*'], ['write:database/xy/autogen'], true],
    [['write:database/x/autogen'], ['write:database/x'], false],
    [['write:database/X'], ['write:database/x'], false],
  ])('with %j one with %j: %s', (held, asked, covered) => {
    expect(coversUser(holding(held), holding(asked))).toBe(covered);
  });
});

describe('who grants', () => {
  it('learns which place it has less of', () => {
    const actor = holding(['all:users', 'all:tasks/team-a.*']);
    const grant = (grants: string[]) => () => {
      judgeGrants(actor, { grants });
    };
    expect(grant(['read:tasks/team-a.cpu', 'all:tasks/team-a.m*'])).not.toThrow();
    expect(grant(['read:tasks/team-a.cpu', 'read:tasks'])).toThrow(
      'user amy may not grant read:tasks: it does not have "read" privilege for /api/tasks itself',
    );
    expect(grant(['write:database/telegraf'])).toThrow(/write" privilege for \/database\/telegraf/);
  });
});

function isAllowed(
  user: KapacitorUser,
  method: string,
  target: string,
  options: { readonly caseSensitive: boolean },
): boolean {
  try {
    judgeApiRequest(user, method, target, options);
    return true;
  } catch {
    return false;
  }
}
