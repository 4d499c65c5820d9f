import fc from 'fast-check';
import type { Privilege } from '../../lib/privileges/privilege.js';
import {
  includesPrivilege,
  isPrivilege,
  privilegeNames,
  PRIVILEGES,
  privilegeSet,
} from '../../lib/privileges/privilege.js';

const anyPrivileges = fc.array(fc.constantFrom(...PRIVILEGES));

/** Returns what a list of privileges allows, said without bits. */
function allows(held: readonly Privilege[], needed: Privilege): boolean {
  const parts = (name: Privilege): readonly Privilege[] =>
    name === 'all' ? ['read', 'write', 'delete'] : name === 'none' ? [] : [name];
  const all = held.flatMap(parts);
  return parts(needed).every((part) => all.includes(part));
}

describe('sets of privileges', () => {
  it('hold what any of their names grants, and nothing else', () => {
    fc.assert(
      fc.property(anyPrivileges, fc.constantFrom(...PRIVILEGES), (held, needed) => {
        expect(includesPrivilege(privilegeSet(held), needed)).toBe(allows(held, needed));
      }),
    );
  });

  it('are the same set again when read back from their names', () => {
    fc.assert(
      fc.property(anyPrivileges, (held) => {
        const set = privilegeSet(held);
        expect(privilegeSet(privilegeNames(set))).toBe(set);
      }),
    );
  });

  it.each<[Privilege[], readonly Privilege[]]>([
    [[], ['none']],
    [['none'], ['none']],
    [['none', 'write'], ['write']],
    [
      ['write', 'read'],
      ['read', 'write'],
    ],
    [['delete', 'write', 'read'], ['all']],
    [['all', 'none'], ['all']],
  ])('%j is shown as %j', (held, shown) => {
    expect(privilegeNames(privilegeSet(held))).toEqual(shown);
  });

  it.each(['read', 'all', 'none'])('%s is a privilege', (name) => {
    expect(isPrivilege(name)).toBe(true);
  });

  it.each(['', 'READ', 'toString', '__proto__', undefined, null, 1, ['read']])(
    '%j is none',
    (name) => {
      expect(isPrivilege(name)).toBe(false);
    },
  );
});
