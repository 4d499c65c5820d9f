import { BcryptQueue } from '../../../lib/authenticate/passwords/bcrypt-queue.js';
import { Passwords } from '../../../lib/authenticate/passwords/passwords.js';
import { VerifiedPasswords } from '../../../lib/authenticate/passwords/verified-passwords.js';

const make = () =>
  new Passwords({
    queue: new BcryptQueue(),
    verified: new VerifiedPasswords(60_000),
    cost: 4,
    usersCost: () => 0,
  });

describe('asking somebody else', () => {
  it('is done once for all who ask at once, and a right answer is remembered', async () => {
    const passwords = make();
    const verify = jest.fn((password: string) => Promise.resolve(password === 'right'));
    const ask = (password: string) =>
      passwords.ask('ldap', { password, version: 1 }, () => verify(password));
    const answers = await Promise.all([ask('right'), ask('right')]);
    expect(answers).toEqual([expect.any(Number), expect.any(Number)]);
    expect(ask('right')).toEqual(expect.any(Number));
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('is done again after a wrong answer: it may be right by now', async () => {
    const passwords = make();
    const verify = jest.fn(() => Promise.resolve(false));
    const attempt = { password: 'x', version: 1 };
    await expect(passwords.ask('ldap', attempt, verify)).resolves.toBeUndefined();
    await expect(passwords.ask('ldap', attempt, verify)).resolves.toBeUndefined();
    expect(verify).toHaveBeenCalledTimes(2);
  });
});
