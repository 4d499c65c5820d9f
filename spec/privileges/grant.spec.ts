import fc from 'fast-check';
import { InvalidRequestError } from '../../lib/errors.js';
import { canonicalGrants, parseGrant } from '../../lib/privileges/grant.js';
import { placeTextOf } from '../../lib/privileges/grant-place.js';
import { judgeApiRequest } from '../../lib/privileges/judge.js';
import type { Permission } from '../../lib/privileges/permission.js';
import { PERMISSIONS } from '../../lib/privileges/permission.js';
import type { KapacitorUser } from '../../lib/privileges/user.js';
import { resolveUser } from '../../lib/privileges/user.js';
import { anyGrant, anyGrants, anyMethod, anyTarget } from './random-grants.js';

describe('a grant', () => {
  it.each([
    ['write:database/telegraf', '/database/telegraf'],
    ['write:database', '/database'],
    ['write:database/telegraf/autogen', '/database/telegraf/autogen'],
    ['write:database/a%2Fb', '/database/a%2Fb'],
    ['write:database/a%25', '/database/a%25'],
    ['write:database/a%2A', '/database/a%2A'],
    ['write:database/a%0A', '/database/a%0A'],
    ['write:database/a b', '/database/a%20b'],
    ['write:database/team-a.*', '/database/team-a.*'],
    ['write:database/*', '/database/*'],
    ['write:database/a%2A*', '/database/a%2A*'],
    ['write:database/telegraf/*', '/database/telegraf/*'],
    ['read:tasks', '/api/tasks'],
    ['all:tasks/cpu_alert', '/api/tasks/cpu_alert'],
    ['all:tasks/CPU', '/api/tasks/CPU'],
    ['all:tasks/é', '/api/tasks/é'],
    ['all:tasks/team-a.*', '/api/tasks/team-a.*'],
    ['read:*', '/api/*'],
    ['none:alerts/topics/ops', '/api/alerts/topics/ops'],
    ['read:config/influxdb', '/api/config/influxdb'],
  ])('%s is for %s, and is canonical', (grant, resource) => {
    expect(parseGrant(grant).place.resource).toBe(resource);
    expect(canonicalGrants([grant])).toEqual([grant]);
  });

  it.each([
    ['write,read:tasks', 'read,write:tasks'],
    ['delete,write,read:tasks', 'all:tasks'],
    ['all,read:tasks', 'all:tasks'],
    ['read,read:tasks', 'read:tasks'],
    ['read:tasks/caf%C3%A9', 'read:tasks/café'],
    ['write:database/%61', 'write:database/a'],
    ['write:database/a%20b', 'write:database/a b'],
    ['write:database/a%2fb', 'write:database/a%2Fb'],
  ])('%s is written %s', (grant, canonical) => {
    expect(canonicalGrants([grant])).toEqual([canonical]);
  });

  it.each([
    ['telegraf:write', /a grant is PRIVILEGES:PLACE, such as "write:database\/telegraf"/],
    ['write', /PRIVILEGES:PLACE/],
    ['', /PRIVILEGES:PLACE/],
    [':tasks', /PRIVILEGES:PLACE/],
    ['Read:tasks', /PRIVILEGES:PLACE/],
    ['read;write:tasks', /PRIVILEGES:PLACE/],
    ['read, write:tasks', /PRIVILEGES:PLACE/],
    [' read:tasks', /PRIVILEGES:PLACE/],
    ['read:tasks\n', /percent-encode control characters/],
    ['read: tasks', /no endpoint has such a name/],
    ['read:tasks ', /no endpoint has such a name/],
    ['none,read:x', /"none" stands alone/],
    ['read:/api/tasks', /place without "\/api"/],
    ['read:api/tasks', /place without "\/api"/],
    ['read:kapacitor/v1/tasks', /place without "\/api"/],
    ['read:', /place without "\/api"/],
    ['read:tasks/../config', /no empty or dot segments/],
    ['read:tasks/%2e%2e', /no empty or dot segments/],
    ['read:tasks/./x', /no empty or dot segments/],
    ['read:tasks//x', /no empty or dot segments/],
    ['read:tasks/', /no empty or dot segments/],
    ['read:database/', /no empty or dot segments/],
    ['read:tasks/.*', /no empty or dot segments/],
    ['read:tasks/*/x', /"\*" is the last character/],
    ['read:tasks/**', /"\*" is the last character/],
    ['read:tasks/a%2A', /no endpoint has such a name/],
    ['read:tasks/a%2Fb', /no endpoint has such a name/],
    ['read:tasks/a\\b', /no endpoint has such a name/],
    ['read:tasks/%0A', /no endpoint has such a name/],
    ['write:database/a\nb', /percent-encode control characters/],
    ['write:database/100%', /write % as %25/],
    ['write:database/%ff', /write % as %25/],
    ['write:database/\ud800', /UTF-8/],
    ['write:database/a/b/c', /nothing below/],
    ['write:database/a/b/*', /nothing below/],
    ['write:Database/a', /all databases are "database"/],
    ['write:database*', /all databases are "database"/],
    ['read:storage', /administrators only/],
    ['read:Storage/stores', /administrators only/],
    [`read:tasks/${'x'.repeat(1014)}`, /at most 1024 bytes/],
  ])('that is %j is refused, and the text says why', (grant, problem) => {
    expect(() => canonicalGrants([grant])).toThrow(problem);
    expect(() => canonicalGrants([grant])).toThrow(InvalidRequestError);
  });

  it('is refused unless it is a text', () => {
    for (const grant of [undefined, null, 1, ['read:tasks'], {}]) {
      expect(() => canonicalGrants([grant])).toThrow(/PRIVILEGES:PLACE/);
    }
  });

  it('may have 1,024 bytes and no more, alone and together with others of its place', () => {
    const longest = `read:tasks/${'x'.repeat(1013)}`;
    expect(canonicalGrants([longest])).toEqual([longest]);
    expect(() => canonicalGrants([longest, longest.replace('read', 'write')])).toThrow(
      InvalidRequestError,
    );
  });

  it('has a place that its resource tells', () => {
    fc.assert(
      fc.property(anyGrant, (grant) => {
        const { text, resource } = parseGrant(grant).place;
        if (!resource.endsWith('*')) expect(placeTextOf(resource)).toBe(text);
      }),
    );
  });
});

describe('grants', () => {
  it('are sorted by place, and those of one place are one', () => {
    const grants = ['write:tasks', 'read:tasks', 'all:database/b', 'none:alerts', 'read:alerts'];
    expect(canonicalGrants(grants)).toEqual(['read:alerts', 'all:database/b', 'read,write:tasks']);
  });

  it('are at most 256', () => {
    const grants = Array.from({ length: 257 }, (_, index) => `read:tasks/t${String(index)}`);
    expect(canonicalGrants(grants.slice(1))).toHaveLength(256);
    expect(() => canonicalGrants(grants)).toThrow(/at most 256 grants, not 257/);
  });

  it('have one canonical form, which decides the same in whatever order they are given', () => {
    const properties = fc.tuple(
      anyGrants,
      fc.subarray<Permission>([...PERMISSIONS]),
      anyMethod,
      anyTarget,
    );
    fc.assert(
      fc.property(properties, ([grants, permissions, method, target]) => {
        const canonical = canonicalGrants(grants);
        expect(canonicalGrants(canonical)).toEqual(canonical);
        expect(canonicalGrants(grants.toReversed())).toEqual(canonical);
        const verdicts = [grants, grants.toReversed(), canonical].map((given) =>
          isAllowed(holding(given, permissions), method, target),
        );
        expect(new Set(verdicts).size).toBe(1);
      }),
      { numRuns: 500 },
    );
  });
});

function holding(grants: readonly string[], permissions: readonly Permission[]): KapacitorUser {
  return resolveUser({ name: 'amy', type: 'normal', permissions, grants }, 'local');
}

function isAllowed(user: KapacitorUser, method: string, target: string): boolean {
  try {
    judgeApiRequest(user, method, target);
    return true;
  } catch {
    return false;
  }
}
