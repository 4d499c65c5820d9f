import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/first-lines.js';

afterAll(() => auth.close());

it('the first lines let in who has the permission, by name', async () => {
  const server = request(app);
  await server.get('/').auth('amy', 'amy-pw').expect(200, 'amy');
  await server.get('/').auth('bob', 'bob-pw').expect(403);
  await server.get('/').expect(401);
});
