import express from 'express';
import type { UserChangedEvent } from '../../../lib/index.js';
import type { MemoryUser } from '../../../lib/stores/memory-store.js';
import { closeUsersApps, failure, send, shownUser, storeWith, usersApp, V1 } from './users-app.js';

afterAll(closeUsersApps);

function made(...more: readonly MemoryUser[]) {
  return usersApp({ express, store: storeWith(...more) });
}

describe('the users API', () => {
  it('disables and enables a user, and shows it only of those who are disabled', async () => {
    const { app, auth } = made({ name: 'amy' });
    const events: UserChangedEvent[] = [];
    auth.on('userChanged', (event) => events.push(event));
    const patch = (body: string) => send(app, ['PATCH', `${V1}/amy`, body]);
    const disabled = { status: 200, body: shownUser('amy', { disabled: true }) };
    expect(await patch('{"disabled":true}')).toEqual(disabled);
    expect(await send(app, ['GET', `${V1}/amy`])).toEqual(disabled);
    expect(await patch('{"permissions":[],"disabled":null}')).toEqual(disabled);
    expect(await patch('{"disabled":false}')).toEqual({ status: 200, body: shownUser('amy') });
    const rights = { type: 'normal', permissions: [] };
    expect(events).toMatchObject([
      { user: 'amy', fields: ['disabled'], before: rights, after: { ...rights, disabled: true } },
      { user: 'amy', fields: ['disabled'], before: { ...rights, disabled: true }, after: rights },
    ]);
  });

  it('creates a disabled user', async () => {
    const { app, auth } = made();
    const body = JSON.stringify({ name: 'amy', password: 'pw', disabled: true });
    expect(await send(app, ['POST', V1, body])).toEqual({
      status: 200,
      body: shownUser('amy', { disabled: true }),
    });
    expect(await auth.find('amy')).toBeUndefined();
  });

  it('lists who is disabled, and everybody who is asked for it', async () => {
    const { app } = made({ name: 'amy', disabled: true }, { name: 'amz' });
    const list = async (query: string) => (await send(app, ['GET', `${V1}?${query}`])).body;
    expect(await list('pattern=am*')).toMatchObject({
      users: [shownUser('amy', { disabled: true }), shownUser('amz')],
    });
    const link = (name: string) => ({ link: { rel: 'self', href: `${V1}/${name}` }, name });
    expect(await list('pattern=am*&fields=disabled')).toEqual({
      users: [
        { ...link('amy'), disabled: true },
        { ...link('amz'), disabled: false },
      ],
    });
  });

  it.each(['"yes"', '1', '{}'])('refuses %s', async (value) => {
    const { app } = made({ name: 'amy' });
    expect(await send(app, ['PATCH', `${V1}/amy`, `{"disabled":${value}}`])).toMatchObject({
      status: 400,
    });
  });

  it('refuses to disable the last admin who is enabled, whoever asks', async () => {
    const { app, auth } = made();
    const disable = (name: string) =>
      send(app, ['PATCH', `${V1}/${name}`, '{"disabled":true}'], { user: 'root' });
    expect((await disable('ops')).status).toBe(200);
    const problem = '"root" is the last admin: make another user an admin first';
    expect(await disable('root')).toEqual(failure(409, problem));
    expect((await auth.find('root'))?.admin).toBe(true);
  });

  it('lets nobody disable or enable a user who may do more', async () => {
    const { app, auth } = made({ name: 'boss', permissions: ['all'], disabled: true });
    for (const [name, body] of [
      ['all', '{"disabled":true}'],
      ['boss', '{"disabled":false}'],
      ['root', '{"disabled":true}'],
    ] as const) {
      const answer = await send(app, ['PATCH', `${V1}/${name}`, body], { user: 'api' });
      expect(answer).toMatchObject({ status: 403 });
    }
    expect((await auth.users?.get('all'))?.disabled).toBeUndefined();
    expect((await auth.users?.get('boss'))?.disabled).toBe(true);
    expect(
      (await send(app, ['PATCH', `${V1}/none`, '{"disabled":true}'], { user: 'api' })).status,
    ).toBe(200);
  });

  it('lets users disable themselves, and then nothing more', async () => {
    const { app } = made();
    const disable = () => send(app, ['PATCH', `${V1}/peer`, '{"disabled":true}'], { user: 'peer' });
    expect((await disable()).status).toBe(200);
    expect((await disable()).status).toBe(401);
  });
});
