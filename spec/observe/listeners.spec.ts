import { listeningLogger } from '../support/listening-logger.js';
import { basic, openAuth } from '../support/open-auth.js';

function fails(): never {
  throw new TypeError('a secret of the app');
}

describe('listeners', () => {
  it('come once, and no more, to who asks for that', async () => {
    const auth = openAuth();
    const headers = { authorization: basic('amy', 'amy-pw') };
    const once = jest.fn();
    const always = jest.fn();
    auth.once('authenticated', once);
    auth.on('authenticated', always);
    await auth.authenticate({ headers });
    await auth.authenticate({ headers });
    auth.off('authenticated', always);
    await auth.authenticate({ headers });
    expect(once).toHaveBeenCalledTimes(1);
    expect(always).toHaveBeenCalledTimes(2);
  });

  it('ask nothing of a known request where nobody listens', async () => {
    const auth = openAuth();
    const authorization = basic('amy', 'amy-pw');
    await auth.authenticate({ headers: { authorization } });
    const stop = jest.fn();
    auth.on('authenticated', stop);
    auth.off('authenticated', stop);
    auth.on('rejected', stop);
    const asked: PropertyKey[] = [];
    const watch = <T extends object>(target: T): T =>
      new Proxy(target, {
        get: (object, key) => {
          asked.push(key);
          return Reflect.get(object, key) as unknown;
        },
      });
    expect(auth.authenticate(watch({ headers: { authorization } }))).toMatchObject({ name: 'amy' });
    expect(asked.toSorted()).toEqual(['headers', 'user']);
    expect(stop).not.toHaveBeenCalled();
    auth.on('authenticated', stop);
    await auth.authenticate(watch({ headers: { authorization } }));
    expect(asked).toContain('ip');
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['throws', jest.fn().mockImplementation(fails), 'TypeError'],
    ['rejects', jest.fn().mockRejectedValue(new TypeError('a secret of the app')), 'TypeError'],
    ['rejects with a text', jest.fn().mockRejectedValue('a secret of the app'), 'string'],
  ])('disturb nothing where one %s, and that is told once', async (_how, fail, kind) => {
    const logger = listeningLogger();
    const auth = openAuth({ logger });
    const after = jest.fn();
    auth.on('authenticated', fail);
    auth.on('authenticated', after);
    auth.on('rejected', fail);
    const good = { headers: { authorization: basic('amy', 'amy-pw') } };
    await expect(auth.authenticate(good)).resolves.toMatchObject({ name: 'amy' });
    expect(await auth.authenticate(good)).toMatchObject({ name: 'amy' });
    const bad = { headers: { authorization: basic('amy', 'wrong') } };
    await expect(auth.authenticate(bad)).rejects.toMatchObject({ code: 'ERR_KAUTH_FAILED' });
    expect(after).toHaveBeenCalledTimes(2);
    expect(logger.lines).toEqual([
      `error a listener of "authenticated" failed (${kind}); further failures of listeners are not told`,
    ]);
  });

  it('warn of a listener that fails where there is no logger', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const auth = openAuth();
    auth.on('rejected', () => {
      throw Object.assign(new Error('a secret'), { name: 'OddError' });
    });
    await expect(auth.authenticate({ headers: {} })).rejects.toMatchObject({ status: 401 });
    expect(warn).toHaveBeenCalledWith(
      'a listener of "rejected" failed (OddError); further failures of listeners are not told',
      'KapacitorAuthWarning',
    );
    warn.mockRestore();
  });

  it.each(['error', 'newListener', 'reject', '__proto__'])(
    'are those that exist: there is no "%s"',
    (name) => {
      const { on, once, off } = openAuth();
      for (const method of [on, once, off]) {
        expect(() => Reflect.apply(method, undefined, [name, jest.fn()])).toThrow(
          `there is no event ${JSON.stringify(name)}; there are authenticated, rejected, forbidden, userChanged, subscriptionChanged, revoked`,
        );
      }
    },
  );
});
