import { leaveIdleAside } from '../../lib/config/leave-idle-aside.js';

/** The options that don't count in a file with these values. */
function idle(values: Readonly<Record<string, unknown>>, isNamed: boolean): readonly string[] {
  const given = Object.entries(values).map(
    ([id, value]) => [id, { value, origin: 'a.conf:3', isText: false }] as const,
  );
  const { counting, leftAside } = leaveIdleAside(new Map(given), isNamed);
  const keys = leftAside.map(({ key }) => key);
  expect([...counting.keys(), ...keys].sort()).toEqual(Object.keys(values).sort());
  return keys;
}

const FILE = {
  'http.shared-secret': 'a secret',
  'auth.bcrypt-cost': 12,
  'auth.meta-addr': 'meta:8091',
  'auth.meta-username': '',
  'gateway.upstream': 'http://127.0.0.1:9092',
};

describe('leaveIdleAside', () => {
  it.each<[what: string, isNamed: boolean, switches: object, left: readonly string[]]>([
    ['nothing of a named file', true, {}, []],
    ['all of a found file that says nothing', false, {}, ['http.shared-secret', 'auth.meta-addr']],
    ['[auth] if it is off', true, { 'auth.enabled': false }, ['auth.meta-addr']],
    ['[auth] if it may be off', true, { 'auth.enabled': 'perhaps' }, ['auth.meta-addr']],
    ['the secret if [http] is off', true, { 'http.auth-enabled': false }, ['http.shared-secret']],
    ['nothing if both are on', false, { 'auth.enabled': true, 'http.auth-enabled': true }, []],
  ])('leaves aside %s', (_what, isNamed, switches, left) => {
    expect(idle({ ...FILE, ...switches }, isNamed)).toEqual(left);
  });

  it('says where the value is, and why it does not count', () => {
    const secret = { value: 'x', origin: 'a.conf:3', isText: false };
    const { leftAside } = leaveIdleAside(new Map([['http.shared-secret', secret]]), false);
    expect(leftAside).toEqual([
      {
        key: 'http.shared-secret',
        origin: 'a.conf:3',
        reason: expect.stringContaining('nobody named and does not say http.auth-enabled = true'),
      },
    ]);
  });
});
