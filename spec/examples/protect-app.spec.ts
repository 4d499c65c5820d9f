import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/protect-app.js';

afterAll(() => auth.close());

describe('the example of a protected app', () => {
  it('tells users apart by who they are and what they may do', async () => {
    const server = request(app);
    await server.get('/reports').auth('amy', 'amy-pw').expect(200, { reportsFor: 'amy' });
    await server.get('/reports').auth('bob', 'bob-pw').expect(403);
    await server.get('/reports').auth('amy', 'wrong').expect(401);
    await server.get('/reports').expect(401);
  });

  it('lets write who may write to the database', async () => {
    const server = request(app);
    await server.post('/write?db=telegraf').auth('bob', 'bob-pw').expect(204);
    await server.post('/write?db=telegraf').auth('amy', 'amy-pw').expect(403);
    await server.post('/write').auth('bob', 'bob-pw').expect(400);
  });
});
