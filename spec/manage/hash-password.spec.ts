import { compare } from 'bcrypt';
import { hashPassword } from '../../lib/index.js';

describe('hashPassword', () => {
  it('makes a hash of the cost that is asked for', async () => {
    const hash = await hashPassword('pässword: 1', 5);
    expect(hash).toMatch(/^\$2b\$05\$/);
    await expect(compare('pässword: 1', hash)).resolves.toBe(true);
  });

  it.each(['', 'x'.repeat(73), 'a\nb'])('refuses the password %j', async (password) => {
    await expect(hashPassword(password, 4)).rejects.toMatchObject({
      code: 'ERR_KAUTH_INVALID_REQUEST',
    });
  });

  it.each([3, 32, 4.5, NaN])('refuses the cost %d', async (cost) => {
    await expect(hashPassword('x', cost)).rejects.toMatchObject({ code: 'ERR_KAUTH_MISUSE' });
  });
});
