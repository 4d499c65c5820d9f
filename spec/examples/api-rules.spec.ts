import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/api-rules.js';

afterAll(() => auth.close());

describe('the example of Kapacitor’s rules', () => {
  it.each([
    ['get', '/svc/kapacitor/v1/tasks', { amy: 404, bob: 403, root: 404 }],
    ['get', '/svc/kapacitor/v1/config', { amy: 403, bob: 403, root: 200 }],
    ['get', '/svc/kapacitor/v1/CONFIG', { amy: 403, bob: 403, root: 200 }],
    ['post', '/svc/write?db=telegraf', { amy: 403, bob: 204, root: 204 }],
    ['get', '/svc/kapacitor/v1/tasks%2f..%2fconfig', { amy: 400, bob: 400, root: 400 }],
  ] as const)('judges %s %s: %j', async (method, path, statuses) => {
    for (const [name, status] of Object.entries(statuses)) {
      await request(app)[method](path).auth(name, `${name}-pw`).expect(status);
    }
  });
});
