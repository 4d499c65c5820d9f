import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/guards.js';

afterAll(() => auth.close());

describe('the example of guards', () => {
  it('protects what is below its path, and nothing else', async () => {
    await request(app).get('/health').expect(200, 'ok');
    await request(app).get('/console/menu').expect(401);
    await request(app).get('/console/reports').expect(401);
  });

  // There are no handlers behind the guards: 404 is what they let through.
  it.each([
    ['reports', { amy: 404, bob: 403, root: 404 }],
    ['topology', { amy: 404, bob: 403, root: 404 }],
    ['telegraf', { amy: 403, bob: 404, root: 404 }],
    ['maintenance', { amy: 403, bob: 403, root: 404 }],
  ])('guards %s: %j', async (name, statuses) => {
    for (const [user, status] of Object.entries(statuses)) {
      await request(app).get(`/console/${name}`).auth(user, `${user}-pw`).expect(status);
    }
  });

  it('asks what a user may do', async () => {
    await request(app).get('/console/menu').auth('amy', 'amy-pw').expect(200, { tasks: true });
  });
});
