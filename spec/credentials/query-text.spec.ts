import fc from 'fast-check';
import { findQueryCredentials, queryCredentialsText } from '../../lib/credentials/query.js';

const parameter = fc.oneof(
  fc.constantFrom('u=a', 'p=b', 'u=', 'p=', 'u=b', 'p=a', 'u=a%26p=b', 'p=p=b', 'u', 'db=x', ''),
  fc.constantFrom('u=a?p=b', 'u=a?', 'p=b?u=a', 'p=&', 'uu=a', 'U=a', 'u=u=', 'u==', 'p=b%26'),
  fc.stringMatching(/^[upab=&?]{0,8}$/),
);
const target = fc
  .tuple(fc.constantFrom('/', '/?', '/write?', '?', ''), fc.array(parameter, { maxLength: 4 }))
  .map(([path, parameters]) => path + parameters.join('&'));

describe('the text of credentials in a query', () => {
  it('is one text for one name and password, and another for each other pair', () => {
    fc.assert(
      fc.property(target, target, (one, other) => {
        const [pair, otherPair] = [findQueryCredentials(one), findQueryCredentials(other)];
        const isSame = pair?.name === otherPair?.name && pair?.password === otherPair?.password;
        expect(queryCredentialsText(one) === queryCredentialsText(other)).toBe(isSame);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    '/?u=amy&p=pw',
    '/?p=pw&u=amy',
    '/write?db=x&u=amy&rp=y&p=pw&z=1',
    '/?u=amy&p=pw&u=root&p=other',
    '/?u=amy&u=root&p=pw',
    '?x&&u=amy&&p=pw',
  ])('is the same in whatever order and place they were sent: %s', (sent) => {
    expect(queryCredentialsText(sent)).toBe(queryCredentialsText('/?u=amy&p=pw'));
  });

  it.each(['', '/', '/?', '/?u=amy', '/?p=pw', '/?u=&p=pw', '/?u=amy&p=', '/u=amy&p=pw'])(
    'is none without both: %j',
    (sent) => {
      expect(queryCredentialsText(sent)).toBeUndefined();
    },
  );
});
