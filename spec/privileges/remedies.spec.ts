import fc from 'fast-check';
import { explainApiRequest } from '../../lib/privileges/explanation.js';
import type { Permission } from '../../lib/privileges/permission.js';
import { PERMISSIONS } from '../../lib/privileges/permission.js';
import type { KapacitorUser } from '../../lib/privileges/user.js';
import { resolveUser } from '../../lib/privileges/user.js';

it('names no remedy that would not work: a user whose privileges its source says has none', () => {
  const resource = fc.constantFrom(
    '/api',
    '/api/tasks',
    '/api/config',
    '/api/write',
    '/database/db',
  );
  const privileges = fc.dictionary(resource, fc.subarray(['read', 'write', 'none'] as const));
  const target = fc.constantFrom('/kapacitor/v1/tasks', '/kapacitor/v1/config', '/write?db=db');
  fc.assert(
    fc.property(
      privileges,
      fc.subarray([...PERMISSIONS]),
      target,
      fc.constantFrom('GET', 'POST'),
      (own, permissions, url, method) => {
        const made = (granted: readonly Permission[]): KapacitorUser =>
          resolveUser(
            { name: 'o', type: 'normal', permissions: granted, privileges: own },
            'local',
          );
        const { allowed, remedies } = explainApiRequest(made(permissions), method, url);
        for (const remedy of remedies) {
          expect(explainApiRequest(made([...permissions, remedy]), method, url).allowed).toBe(true);
        }
        if (allowed) expect(remedies).toEqual([]);
      },
    ),
  );
});
