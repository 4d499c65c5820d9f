import fc from 'fast-check';
import { throttleKey } from '../../lib/credentials/client-address.js';

describe('a client counts as', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['203.0.113.7:51234', '203.0.113.7'],
    ['[2001:db8:1:2:3:4:5:6]:51234', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2:3:4:5:6]', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['1::', '1:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['unknown', 'unknown'],
    ['', 'unknown'],
    ['203.0.113.999', 'unknown'],
    ['203.0.113.7, 10.0.0.1', 'unknown'],
    ['[203.0.113.7', 'unknown'],
    ['x'.repeat(10_000), 'unknown'],
  ])('%.40s: %s', (ip, address) => {
    expect(throttleKey({ ip })).toBe(address);
    expect(throttleKey({ socket: { remoteAddress: ip } })).toBe(address);
  });

  it('what Express says, where it says something', () => {
    const socket = { remoteAddress: '10.0.0.1' };
    expect(throttleKey({ ip: '203.0.113.7', socket })).toBe('203.0.113.7');
  });

  it.each([{}, { socket: {} }, { ip: undefined, socket: { remoteAddress: undefined } }])(
    'nobody where nothing is known: %j',
    (request) => {
      expect(throttleKey(request)).toBeUndefined();
    },
  );

  it('the same with every address of its /64', () => {
    const group = fc.nat(0xffff).map((bits) => bits.toString(16));
    const half = fc.array(group, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(half, half, half, (network, one, other) => {
        // Those of ::ffff:0:0/96 are IPv4 addresses.
        fc.pre(network.some((bits) => bits !== '0'));
        const of = (host: readonly string[]) =>
          throttleKey({ ip: [...network, ...host].join(':') });
        expect(of(one)).toBe(`${network.join(':')}::/64`);
        expect(of(other)).toBe(of(one));
      }),
    );
  });

  it('a short text without a space, whatever is sent', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (ip) => {
        expect(throttleKey({ ip })).toMatch(/^\S{1,45}$/);
      }),
    );
  });
});
