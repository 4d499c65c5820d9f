import { EventEmitter, once } from 'node:events';
import type { ClientRequest } from 'node:http';
import type { ChangeOptions, StoredUser, UserChanges, Users } from '../../../lib/index.js';
import { MemoryUserStore } from '../../../lib/index.js';
import { localPrivileges } from '../../../lib/privileges/local-permissions.js';
import { expresses } from '../../support/expresses.js';
import { closeUsersApps, postRaw, send, USERS, usersApp, V1 } from './users-app.js';

type Request = readonly [method: string, path: string, body: unknown];

/** Requests by what they do. */
const make = (type: string | undefined, ...permissions: readonly string[]): Request => [
  'POST',
  V1,
  { name: 'made', password: 'x', type, permissions },
];
const change = (name: string, update: object): Request => ['PATCH', `${V1}/${name}`, update];
const setPassword = (name: string): Request => change(name, { password: 'x' });
const remove = (name: string): Request => ['DELETE', `${V1}/${name}`, undefined];

afterAll(closeUsersApps);

describe.each(expresses)('nobody grants what they do not have, on %s', (_name, express) => {
  describe.each<[actor: string, allowed: readonly Request[], refused: readonly Request[]]>([
    [
      'api',
      [
        make('normal'),
        make('normal', 'none'),
        make(undefined, 'api'),
        setPassword('api'),
        setPassword('peer'),
        setPassword('none'),
        change('api', { type: 'normal' }),
        change('api', { permissions: ['api'] }),
        change('api', { permissions: [] }),
        change('api', { permissions: null, password: 'x' }),
        change('none', { permissions: ['api'] }),
        change('peer', { permissions: ['none'] }),
        change('peer', {}),
        remove('api'),
        remove('peer'),
        remove('none'),
        remove('nobody'),
      ],
      [
        make('admin'),
        make('admin', 'api'),
        make('normal', 'config_api'),
        make('normal', 'write_points'),
        make('normal', 'all'),
        make('normal', 'api', 'write_points'),
        make('normal', 'api', 'config_api', 'write_points'),
        change('api', { type: 'admin' }),
        change('api', { type: 'admin', permissions: [] }),
        change('api', { type: 'admin', permissions: null, password: null }),
        change('api', { permissions: ['all'] }),
        change('api', { permissions: ['api', 'config_api'] }),
        change('none', { type: 'admin' }),
        change('none', { permissions: ['write_points'] }),
        ...['root', 'ops', 'all', 'apiwrite', 'config', 'writer'].flatMap((stronger) => [
          setPassword(stronger),
          change(stronger, {}),
          change(stronger, { password: '' }),
          change(stronger, { type: 'normal' }),
          change(stronger, { permissions: [] }),
          change(stronger, { type: 'normal', permissions: [], password: 'x' }),
          remove(stronger),
        ]),
      ],
    ],
    [
      'apiwrite',
      [
        make('normal', 'api', 'write_points'),
        setPassword('writer'),
        change('api', { permissions: ['write_points'] }),
        change('writer', { permissions: ['api', 'write_points'] }),
        remove('api'),
        remove('writer'),
      ],
      [
        make('normal', 'config_api'),
        make('normal', 'api', 'config_api', 'write_points'),
        change('apiwrite', { permissions: ['api', 'config_api', 'write_points'] }),
        setPassword('config'),
        setPassword('all'),
        remove('root'),
      ],
    ],
    [
      'all',
      [
        make('normal', 'all'),
        make('normal', 'api', 'config_api', 'write_points'),
        ...['all', 'apiwrite', 'api', 'config', 'writer', 'none'].flatMap((name) => [
          setPassword(name),
          change(name, { permissions: ['all'] }),
          remove(name),
        ]),
      ],
      [
        make('admin'),
        change('all', { type: 'admin' }),
        setPassword('root'),
        change('root', { type: 'normal', permissions: ['all'] }),
        remove('ops'),
      ],
    ],
    [
      'root',
      [
        make('admin'),
        make('normal', 'all'),
        setPassword('ops'),
        change('ops', { type: 'normal' }),
        change('api', { type: 'admin' }),
        change('root', { type: 'normal', permissions: ['api'] }),
        remove('ops'),
        remove('root'),
      ],
      [],
    ],
  ])('%s', (actor, allowed, refused) => {
    it.each(allowed)('may %s %s %j', async (method, path, body) => {
      const { app } = usersApp({ express });
      expect([200, 204]).toContain((await send(app, [method, path, body], { user: actor })).status);
    });

    if (refused.length === 0) return;
    const store = new MemoryUserStore(USERS);
    const { app } = usersApp({ express, store });

    it.each(refused)('may not %s %s %j', async (method, path, body) => {
      await store.open();
      const before = store.list();
      const answer = await send(app, [method, path, body], { user: actor });
      expect(answer.status).toBe(403);
      expect(answer.body).toHaveProperty('error', expect.stringContaining(`user ${actor} may not`));
      expect(store.list()).toEqual(before);
    });
  });

  it('a deleted admin comes back as what its maker may make', async () => {
    const { app } = usersApp({ express });
    expect((await send(app, ['DELETE', `${V1}/ops`])).status).toBe(204);
    const ops = { name: 'ops', password: 'mine' };
    expect((await send(app, ['POST', V1, { ...ops, type: 'admin' }], { user: 'api' })).status).toBe(
      403,
    );
    expect((await send(app, ['POST', V1, ops], { user: 'api' })).status).toBe(200);
    const asOps = { user: 'ops', password: 'mine' };
    expect((await send(app, ['GET', V1], asOps)).status).toBe(403);
    expect((await send(app, change('ops', { type: 'admin' }), asOps)).status).toBe(403);
    expect((await send(app, ['GET', V1], { user: 'ops' })).status).toBe(401);
  });

  it('whoever lowers itself can not raise itself again', async () => {
    const { app } = usersApp({ express });
    const asAll = { user: 'all' };
    expect((await send(app, change('all', { permissions: ['api'] }), asAll)).status).toBe(200);
    expect((await send(app, change('all', { permissions: ['all'] }), asAll)).status).toBe(403);
    expect((await send(app, change('all', { permissions: [] }), asAll)).status).toBe(200);
    expect((await send(app, change('all', { permissions: ['api'] }), asAll)).status).toBe(403);
  });

  it.each<
    [what: string, user: string, meanwhile: (users: Users) => Promise<unknown>, grants: object]
  >([
    ['demoted', 'ops', (users) => users.update('ops', { type: 'normal' }), { type: 'admin' }],
    ['deleted', 'ops', (users) => users.delete('ops'), { type: 'admin' }],
    ['deleted, for nothing much,', 'api', (users) => users.delete('api'), {}],
    ['deprived of everything', 'api', (users) => users.update('api', { permissions: [] }), {}],
    [
      'deprived of what it grants',
      'apiwrite',
      (users) => users.update('apiwrite', { permissions: ['api'] }),
      { permissions: ['write_points'] },
    ],
  ])(
    'a user who was %s while it sent its body is refused',
    async (_what, user, meanwhile, grants) => {
      const progress = new EventEmitter();
      const authenticated = once(progress, 'authenticated');
      const { app, auth } = usersApp({
        express,
        before: (outer, outerAuth) =>
          outer.use(outerAuth, (_request, _response, next) => {
            progress.emit('authenticated');
            next();
          }),
      });
      const body = JSON.stringify({ name: 'made', password: 'x', ...grants });
      const write = async (sent: ClientRequest): Promise<void> => {
        sent.write(body.slice(0, 9));
        await authenticated;
        if (auth.users !== undefined) await meanwhile(auth.users);
        sent.end(body.slice(9));
      };
      expect((await postRaw(app, write, user)).status).toBe(403);
      expect(await auth.users?.get('made')).toBeUndefined();
    },
  );

  it('a user whose store gives it less than its permissions say grants only that', async () => {
    const { app } = usersApp({ express, store: new RestrictingStore(USERS) });
    const asAll = { user: 'all' };
    expect((await send(app, make('normal', 'all'), asAll)).status).toBe(403);
    expect((await send(app, setPassword('config'), asAll)).status).toBe(403);
    expect((await send(app, make('normal', 'api'), asAll)).status).toBe(200);
  });

  it('a user who is raised while its new password is hashed is not taken over', async () => {
    const { app, auth } = usersApp({ express, store: new RaisingStore(USERS) });
    for (const [name, request] of [
      ['peer', setPassword('peer')],
      ['none', remove('none')],
    ] as const) {
      expect((await send(app, request, { user: 'api' })).status).toBe(403);
      expect(await auth.users?.get(name)).toMatchObject({ type: 'admin' });
      expect((await send(app, ['GET', V1], { user: name })).status).toBe(200);
    }
  });
});

/** Takes away what the permissions of normal users say of more than the API. */
class RestrictingStore extends MemoryUserStore {
  override find(name: string): StoredUser | undefined {
    const user = super.find(name);
    return user && { ...user, privileges: localPrivileges(['api']) };
  }
}

/** An act of a store on a user before it changes it. */
type Judged = ChangeOptions & { readonly check?: (user: StoredUser) => void };

/** Whoever is to change has been made an admin by another process a moment ago. */
class RaisingStore extends MemoryUserStore {
  override async update(name: string, changes: UserChanges, options?: Judged): Promise<StoredUser> {
    await this.#raise(name, options);
    return super.update(name, changes);
  }

  override async delete(name: string, options?: Judged): Promise<boolean> {
    await this.#raise(name, options);
    return super.delete(name);
  }

  async #raise(name: string, options: Judged | undefined): Promise<void> {
    options?.check?.(await super.update(name, { type: 'admin' }));
  }
}
