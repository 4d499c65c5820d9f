import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/forward-auth.js';

afterAll(() => auth.close());

describe('the example of an app that answers a proxy', () => {
  it.each([
    [200, 'amy', 'GET', '/svc/kapacitor/v1/tasks'],
    [403, 'amy', 'GET', '/svc/kapacitor/v1/config'],
    [403, 'amy', 'POST', '/svc/write?db=telegraf'],
    [200, 'bob', 'POST', '/svc/write?db=telegraf'],
    [401, 'zoe', 'GET', '/svc/kapacitor/v1/tasks'],
  ])('answers %i to whether %s may %s %s', async (status, name, method, target) => {
    await request(app)
      .get('/auth')
      .auth(name, `${name}-pw`)
      .set({ 'X-Original-URI': target, 'X-Original-Method': method })
      .expect(status);
  });

  it('tells the proxy who it is', async () => {
    const asked = { 'X-Original-URI': '/svc/kapacitor/v1/tasks', 'X-Original-Method': 'GET' };
    const { headers } = await request(app).get('/auth').auth('amy', 'amy-pw').set(asked);
    expect(headers).toMatchObject({ 'x-kapacitor-user': 'amy', 'x-kapacitor-permissions': 'api' });
  });
});
