import './surroundings.js';
import request from 'supertest';
import { auth, server } from '../../fixtures/examples/without-express.js';

afterAll(() => auth.close());

describe('the example without Express', () => {
  it.each([
    ['/kapacitor/v1/tasks?limit=1', 200, { user: 'amy', path: '/kapacitor/v1/tasks' }],
    [
      '/kapacitor/v1/config',
      403,
      {
        error: 'user amy does not have "read" privilege for API endpoint "/kapacitor/v1/config"',
        message: 'user amy does not have "read" privilege for API endpoint "/kapacitor/v1/config"',
      },
    ],
  ])('answers %s with %i', async (path, status, body) => {
    await request(server).get(path).auth('amy', 'amy-pw').expect(status, body);
  });

  it('asks for credentials', async () => {
    const { headers } = await request(server).get('/').expect(401);
    expect(headers['www-authenticate']).toMatch(/^Basic /);
  });
});
