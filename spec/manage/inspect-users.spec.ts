import { judgeApiRequest, MetaUserStore, MisuseError, UserNotFoundError } from '../../lib/index.js';
import { openAuth } from '../support/open-auth.js';

describe('asking about users', () => {
  it('finds a user as its requests have it', async () => {
    const auth = openAuth();
    const amy = await auth.find('amy');
    expect(amy?.toJSON()).toMatchObject({ name: 'amy', permissions: ['api'], source: 'local' });
    expect(JSON.stringify(amy)).not.toContain('$2');
    await expect(auth.find('Amy')).resolves.toBeUndefined();
  });

  it('explains what a user may do, by name or as req.user', async () => {
    const auth = openAuth();
    const byName = await auth.explain('amy', 'GET', '/kapacitor/v1/config');
    expect(byName).toMatchObject({ user: { name: 'amy' }, allowed: false });
    const amy = await auth.find('amy');
    if (amy === undefined) throw new Error('no amy');
    await expect(auth.explain(amy, 'GET', '/kapacitor/v1/config')).resolves.toEqual(byName);
    expect(() => judgeApiRequest(amy, 'GET', '/kapacitor/v1/config')).toThrow(
      byName.refusal?.message,
    );
  });

  it('takes the options of the judge', async () => {
    const auth = openAuth();
    const request = ['amy', 'GET', '/kapacitor/v1/CONFIG'] as const;
    await expect(auth.explain(...request)).resolves.toMatchObject({ allowed: false });
    await expect(auth.explain(...request, { caseSensitive: true })).resolves.toMatchObject({
      allowed: true,
    });
  });

  it('knows the change of a moment ago', async () => {
    const auth = openAuth();
    const request = ['amy', 'GET', '/kapacitor/v1/config'] as const;
    await expect(auth.explain(...request)).resolves.toMatchObject({ allowed: false });
    await auth.users?.update('amy', { permissions: ['config_api'] });
    await expect(auth.explain(...request)).resolves.toMatchObject({ allowed: true });
  });

  it('does not explain what nobody may do', async () => {
    await expect(openAuth().explain('nobody', 'GET', '/')).rejects.toThrow(UserNotFoundError);
  });

  it('explains everybody as administrator while authentication is off', async () => {
    const auth = openAuth({ http: { authEnabled: false } });
    await expect(auth.explain('nobody', 'GET', '/')).resolves.toMatchObject({
      user: { name: 'ADMIN_USER', source: 'disabled' },
      allowed: true,
    });
  });

  it('says that the users can’t be looked up', async () => {
    const auth = openAuth({ store: new MetaUserStore({ addresses: ['127.0.0.1:1'] }) });
    await expect(auth.explain('amy', 'GET', '/')).rejects.toMatchObject({
      code: 'ERR_KAUTH_STORE_UNAVAILABLE',
    });
  });

  it.each([undefined, null, 7])('names the right form when it is given %j', async (given) => {
    const auth = openAuth();
    const find = Promise.resolve(Reflect.apply(auth.find, auth, [given]));
    await expect(find).rejects.toThrow(MisuseError);
    const authenticate = (): unknown => Reflect.apply(auth.authenticate, auth, [given]);
    expect(authenticate).toThrow(MisuseError);
    expect(authenticate).toThrow('auth.authenticate(request)');
  });
});
