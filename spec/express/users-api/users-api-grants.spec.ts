import express from 'express';
import type { UserStore } from '../../../lib/index.js';
import { MemoryUserStore } from '../../../lib/index.js';
import type { MemoryUser } from '../../../lib/stores/memory-store.js';
import {
  closeUsersApps,
  failure,
  send,
  shownUser,
  storeWith,
  USERS,
  usersApp,
  V1,
} from './users-app.js';

const TELEGRAF = 'write:database/telegraf';

afterAll(closeUsersApps);

function made(...more: readonly MemoryUser[]) {
  return usersApp({ express, store: storeWith(...more) });
}

describe('the users API', () => {
  it('gives a user grants, shows them in canonical form, and leaves them where they are not named', async () => {
    const { app } = made();
    const body = JSON.stringify({
      name: 'amy',
      password: 'pw',
      grants: ['write:tasks', TELEGRAF, 'read:tasks'],
    });
    const grants = [TELEGRAF, 'read,write:tasks'];
    expect(await send(app, ['POST', V1, body])).toEqual({
      status: 200,
      body: shownUser('amy', { grants }),
    });
    const rename = JSON.stringify({ permissions: ['api'] });
    const permissions = ['api'];
    const both = { status: 200, body: shownUser('amy', { permissions, grants }) };
    expect(await send(app, ['PATCH', `${V1}/amy`, rename])).toEqual(both);
    expect(await send(app, ['GET', `${V1}/amy`])).toEqual(both);
    expect(await send(app, ['PATCH', `${V1}/amy`, '{"grants":["none:tasks"]}'])).toEqual({
      status: 200,
      body: shownUser('amy', { permissions, grants: ['none:tasks'] }),
    });
    expect(await send(app, ['PATCH', `${V1}/amy`, '{"grants":null}'])).toMatchObject({
      body: { grants: ['none:tasks'] },
    });
    expect(await send(app, ['PATCH', `${V1}/amy`, '{"grants":[]}'])).toEqual({
      status: 200,
      body: shownUser('amy', { permissions }),
    });
  });

  it.each(['{"permissions":[]}', '{"permissions":["none"]}', '{"type":"admin"}'])(
    'takes the grants too from a user by %s',
    async (body) => {
      const { app, auth } = made({ name: 'amy', permissions: ['api'], grants: [TELEGRAF] });
      expect((await send(app, ['PATCH', `${V1}/amy`, body])).status).toBe(200);
      expect((await auth.users?.get('amy'))?.grants).toBeUndefined();
    },
  );

  it('keeps the grants that come with no permissions', async () => {
    const { app } = made({ name: 'amy', permissions: ['api'] });
    const body = JSON.stringify({ permissions: [], grants: [TELEGRAF] });
    expect(await send(app, ['PATCH', `${V1}/amy`, body])).toEqual({
      status: 200,
      body: shownUser('amy', { grants: [TELEGRAF] }),
    });
  });

  it('lists grants of those who have any, and of everybody who is asked for them', async () => {
    const { app } = made({ name: 'amy', grants: [TELEGRAF] });
    const list = async (query: string) => (await send(app, ['GET', `${V1}?${query}`])).body;
    const link = (name: string) => ({ link: { rel: 'self', href: `${V1}/${name}` }, name });
    expect(await list('pattern=a[mp]?')).toEqual({
      users: [shownUser('amy', { grants: [TELEGRAF] }), shownUser('api', { permissions: ['api'] })],
    });
    expect(await list('pattern=a[mp]?&fields=grants')).toEqual({
      users: [
        { ...link('amy'), grants: [TELEGRAF] },
        { ...link('api'), grants: [] },
      ],
    });
    expect(await list('pattern=a[mp]?&fields=type')).toEqual({
      users: [
        { ...link('amy'), type: 'normal' },
        { ...link('api'), type: 'normal' },
      ],
    });
  });

  it.each([
    [
      ['telegraf:write'],
      'a grant is PRIVILEGES:PLACE, such as "write:database/telegraf", not "telegraf:write"',
    ],
    [['none,read:x'], 'grant "none,read:x": "none" stands alone'],
    [
      ['read:tasks/../config'],
      'grant "read:tasks/../config": a place has no empty or dot segments',
    ],
    [
      ['read:/api/tasks'],
      'grant "read:/api/tasks": write the place without "/api", such as "tasks/cpu_alert" or "database/telegraf"',
    ],
    ['read:tasks', 'grants must be a list of texts such as "write:database/telegraf"'],
    [[7], 'grants must be a list of texts such as "write:database/telegraf"'],
    [
      Array.from({ length: 257 }, (_, index) => `read:tasks/${String(index)}`),
      'a user has at most 256 grants, not 257',
    ],
    [[`read:tasks/${'x'.repeat(1100)}`], 'a grant has at most 1024 bytes'],
  ])('refuses what is no list of grants: case %#', async (grants, problem) => {
    const { app, auth } = made();
    const body = JSON.stringify({ name: 'amy', password: 'pw', grants });
    expect(await send(app, ['POST', V1, body])).toEqual(failure(400, problem));
    expect(await send(app, ['PATCH', `${V1}/api`, JSON.stringify({ grants })])).toEqual(
      failure(400, problem),
    );
    expect(await auth.users?.get('amy')).toBeUndefined();
  });

  it('refuses grants for an administrator', async () => {
    const { app } = made();
    const refused = failure(400, 'an administrator needs no grants');
    const body = JSON.stringify({ name: 'amy', password: 'pw', type: 'admin', grants: [TELEGRAF] });
    expect(await send(app, ['POST', V1, body])).toEqual(refused);
    expect(await send(app, ['PATCH', `${V1}/ops`, JSON.stringify({ grants: [TELEGRAF] })])).toEqual(
      refused,
    );
    expect((await send(app, ['PATCH', `${V1}/ops`, '{"grants":[]}'])).status).toBe(200);
  });

  it('lets nobody grant what they do not hold, and names the place', async () => {
    const { app, auth } = made({ name: 'lead', grants: ['all:users', 'all:tasks/team-a.*'] });
    const grant = (...grants: readonly string[]) =>
      send(app, ['PATCH', `${V1}/none`, JSON.stringify({ grants })], { user: 'lead' });
    expect((await grant('all:tasks/team-a.cpu')).status).toBe(200);
    expect(await grant('all:tasks/team-a.cpu', 'read:tasks/team-*')).toEqual(
      failure(
        403,
        'user lead may not grant read:tasks/team-*: it does not have "read" privilege for /api/tasks/team-* itself',
      ),
    );
    expect((await auth.users?.get('none'))?.grants).toEqual(['all:tasks/team-a.cpu']);
  });

  it('lets nobody take a grant away that held back what the actor may not do either', async () => {
    const held = { permissions: ['api'], grants: ['none:tasks/billing'] } as const;
    const { app, auth } = made({ name: 'lead', ...held }, { name: 'amy', ...held });
    for (const body of ['{"grants":[]}', '{"grants":["none:alerts"]}']) {
      expect(await send(app, ['PATCH', `${V1}/amy`, body], { user: 'lead' })).toEqual(
        failure(
          403,
          'user lead may not let user amy do more than itself: it does not have "read" privilege for /api/tasks/billing itself',
        ),
      );
    }
    expect((await auth.users?.get('amy'))?.grants).toEqual(held.grants);
  });

  it('refuses grants if the store would lose them', async () => {
    const kept = new MemoryUserStore(USERS);
    const store: UserStore = {
      open: () => kept.open(),
      find: (name) => kept.find(name),
      list: (options) => kept.list(options),
      create: (user, options) => kept.create(user, options),
      update: (name, changes, options) => kept.update(name, changes, options),
      delete: (name, options) => kept.delete(name, options),
      replaceHash: (name, expected, replacement) => kept.replaceHash(name, expected, replacement),
      close: () => kept.close(),
    };
    const { app } = usersApp({ express, store });
    const { status, body } = await send(app, [
      'PATCH',
      `${V1}/api`,
      JSON.stringify({ grants: [TELEGRAF] }),
    ]);
    expect([status, JSON.stringify(body)]).toEqual([
      400,
      expect.stringContaining('keeps no grants'),
    ]);
    expect((await send(app, ['PATCH', `${V1}/api`, '{"permissions":[]}'])).status).toBe(200);
  });
});
