import fc from 'fast-check';
import { MisuseError } from '../../lib/errors.js';
import {
  apiResource,
  cleanResource,
  databaseResource,
  retentionPolicyResource,
} from '../../lib/privileges/resource.js';

describe('cleanResource', () => {
  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/api/', '/api'],
    ['/api//tasks', '/api/tasks'],
    ['/api/./tasks', '/api/tasks'],
    ['/api/../database', '/database'],
    ['/../..', '/'],
    ['/...', '/...'],
  ])('makes %s %s', (resource, clean) => {
    expect(cleanResource(resource)).toBe(clean);
  });

  it.each(['', 'api', './api', '../api', ' /api'])('refuses %j: not absolute', (resource) => {
    expect(() => cleanResource(resource)).toThrow(MisuseError);
  });

  it('never leaves a dot segment, a doubled or a trailing slash, and is idempotent', () => {
    const segments = fc.array(fc.constantFrom('', '.', '..', 'a', 'b.c', '...', 'Ω'));
    fc.assert(
      fc.property(segments, (parts) => {
        const clean = cleanResource(`/${parts.join('/')}`);
        expect(clean).not.toMatch(/\/\/|\/\.\.?(\/|$)|.\/$/);
        expect(cleanResource(clean)).toBe(clean);
      }),
    );
  });
});

describe('apiResource', () => {
  it.each([
    ['', '/api'],
    ['/', '/api'],
    ['tasks', '/api/tasks'],
    ['/config/influxdb', '/api/config/influxdb'],
  ])('makes %j %s', (path, resource) => {
    expect(apiResource(path)).toBe(resource);
  });
});

describe('databaseResource', () => {
  it.each([
    ['mydb', '/database/mydb'],
    ['a/b_c', '/database/a%2Fb_c'],
    ['a_b/c', '/database/a_b%2Fc'],
    ['.', '/database/%2E'],
    ['..', '/database/%2E%2E'],
    ['%2E', '/database/%252E'],
    ['telegraf.autogen', '/database/telegraf.autogen'],
    ['é', '/database/%C3%A9'],
  ])('maps %j to %s', (name, resource) => {
    expect(databaseResource(name)).toBe(resource);
  });

  it('refuses the empty name', () => {
    expect(() => databaseResource('')).toThrow(MisuseError);
  });

  it('gives different names different resources, each one segment below /database', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('.', '/', '%', '2', 'E', '_', '\\', 'u', 'd', '8', '0', '\ud800', 'é'),
      minLength: 1,
    });
    const name = fc.oneof(hostile, fc.string({ unit: 'binary', minLength: 1 }));
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(databaseResource(one) === databaseResource(other)).toBe(one === other);
        const resource = databaseResource(one);
        expect(cleanResource(resource)).toBe(resource);
        expect(resource.split('/')).toHaveLength(3);
        const policy = retentionPolicyResource(one, other);
        expect(policy.startsWith(`${resource}/`)).toBe(true);
        expect(cleanResource(policy)).toBe(policy);
        expect(policy.split('/')).toHaveLength(4);
      }),
    );
  });
});

describe('retentionPolicyResource', () => {
  it.each([
    ['telegraf', 'autogen', '/database/telegraf/autogen'],
    ['a/b', '..', '/database/a%2Fb/%2E%2E'],
  ])('maps %j of %j', (database, name, resource) => {
    expect(retentionPolicyResource(database, name)).toBe(resource);
  });

  it('refuses empty names', () => {
    expect(() => retentionPolicyResource('', 'autogen')).toThrow(MisuseError);
    expect(() => retentionPolicyResource('telegraf', '')).toThrow(MisuseError);
  });
});
