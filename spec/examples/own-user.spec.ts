import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/own-user.js';

afterAll(() => auth.close());

it('an app that has users of its own keeps them beside ours', async () => {
  const server = request(app);
  await server.get('/reports').expect(401);
  const shown = { member: { id: 7 }, reportsFor: 'amy' };
  await server.get('/reports').auth('amy', 'amy-pw').expect(200, shown);
});
