import { InvalidRequestError, MisuseError } from '../../lib/errors.js';
import { isEndpointPath } from '../../lib/privileges/api-request.js';
import { authorizeDatabase } from '../../lib/privileges/judge.js';
import {
  databaseParameter,
  parseRequestTarget,
  retentionPolicyParameter,
} from '../../lib/privileges/request-path.js';
import {
  cleanResource,
  databaseResource,
  retentionPolicyResource,
} from '../../lib/privileges/resource.js';
import { resolveUser } from '../../lib/privileges/user.js';

/** The error that something throws. */
function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a path that is refused says why:', () => {
  it.each([
    ['tasks', 'lacks its leading slash'],
    ['/ä', 'is not a path of printable ASCII characters'],
    ['/a b', 'is not a path of printable ASCII characters'],
    ['/a\u007f', 'is not a path of printable ASCII characters'],
    ['/a#b', 'holds a fragment'],
    ['/a/../b', 'holds a dot segment'],
    ['/a/%2E', 'holds a dot segment'],
    ['/a%2Fb', 'holds an encoded slash or a backslash'],
    ['/a\\b', 'holds an encoded slash or a backslash'],
    ['/a%00', 'holds a control character'],
    ['/a//b', 'holds an empty segment'],
    ['/a%ff', 'holds an escape that is not UTF-8'],
    ['/a%', 'holds an escape that is not UTF-8'],
  ])('%j %s', (target, problem) => {
    expect(thrown(() => parseRequestTarget(target))).toEqual(
      new InvalidRequestError('ERR_KAUTH_AMBIGUOUS_PATH', `ambiguous path: it ${problem}`),
    );
  });
});

describe('a parameter that is refused says how to give it:', () => {
  it.each([
    ['db', databaseParameter, 'db=a&db=b'],
    ['db', databaseParameter, 'db[]=a'],
    ['db', databaseParameter, '[db]=a'],
    ['db', databaseParameter, 'db=%ff'],
    ['rp', retentionPolicyParameter, 'rp=a&rp=b'],
    ['rp', retentionPolicyParameter, 'rp[x]=a'],
  ])('%s', (name, read, query) => {
    expect(thrown(() => read(query))).toEqual(
      new InvalidRequestError(
        'ERR_KAUTH_AMBIGUOUS_PATH',
        `ambiguous parameter "${name}": give it once, as ${name}=NAME`,
      ),
    );
  });

  it.each([
    ['a name that only ends so', retentionPolicyParameter, 'xrp[]=a&rp=b', 'b'],
    ['a name that can not be decoded', databaseParameter, '%zz=a&db=b', 'b'],
    ['an empty value', databaseParameter, 'db=', undefined],
    ['no such parameter', databaseParameter, '', undefined],
  ])('but not %s', (_what, read, query, value) => {
    expect(read(query)).toBe(value);
  });
});

describe('a resource that is none says what is', () => {
  it.each([
    [() => cleanResource('api'), 'a resource is an absolute path such as "/api/tasks", not "api"'],
    [() => databaseResource(''), 'a database has a name: "" names none'],
    [() => retentionPolicyResource('db', ''), 'a retention policy has a name: "" names none'],
  ])('%#', (make, message) => {
    expect(thrown(make)).toEqual(new MisuseError(message));
  });
});

describe('an endpoint of Kapacitor', () => {
  it.each([
    [['kapacitor', 'v1', 'tasks'], true],
    [['Kapacitor', 'V1preview'], true],
    [['write'], true],
    [['WRITE', 'x'], true],
    [['kapacitor', 'v2'], false],
    [['tasks', 'write'], false],
    [[], false],
  ])('%j: %s', (segments, isEndpoint) => {
    expect(isEndpointPath(segments)).toBe(isEndpoint);
  });
});

it('a database is denied to those without the privilege on it, and to nobody else', () => {
  const user = (permissions: readonly ['write_points'] | readonly []) =>
    resolveUser({ name: 'bob', type: 'normal', permissions }, 'local');
  const write = (permissions: readonly ['write_points'] | readonly []) =>
    thrown(() => {
      authorizeDatabase(user(permissions), 'write', 'my/db', 'week');
    });
  expect(write(['write_points'])).toBeUndefined();
  expect(write([])).toMatchObject({
    code: 'ERR_KAUTH_FORBIDDEN_DATABASE',
    message: 'user bob does not have "write" privilege for database "my/db"',
  });
});
