import { MemoryUserStore } from '../../lib/index.js';
import { basic, bearer, openAuth, people, SECRET } from '../support/open-auth.js';

describe('the names that stand for subscriptions', () => {
  it.each(['~subscriber', '_sub:token', '_sub:'])(
    '%s is no user, whatever a source says',
    async (name) => {
      const [, amy] = people;
      const sound = new MemoryUserStore([amy]);
      await sound.open();
      const find = jest.fn((asked: string) => {
        const user = sound.find('amy');
        return user && { ...user, name: asked };
      });
      const auth = openAuth({
        store: { find },
        http: { authEnabled: true, sharedSecret: SECRET },
      });
      const attempts = [
        { headers: { authorization: bearer(name) } },
        { headers: {}, url: `/?u=${encodeURIComponent(name)}&p=amy-pw` },
        ...(name.includes(':') ? [] : [{ headers: { authorization: basic(name, 'amy-pw') } }]),
      ];
      for (const attempt of attempts) {
        await expect(auth.authenticate(attempt)).rejects.toMatchObject({ status: 401 });
      }
      expect(find).not.toHaveBeenCalled();
    },
  );

  it.each(['~subscriber', '_sub:token'])('%s can not be made a user', async (name) => {
    const auth = openAuth();
    await expect(auth.users?.create({ name, password: 'pw' })).rejects.toMatchObject({
      code: 'ERR_KAUTH_INVALID_REQUEST',
    });
    await expect(auth.users?.update(name, { password: 'pw' })).rejects.toMatchObject({
      status: 404,
    });
  });
});
