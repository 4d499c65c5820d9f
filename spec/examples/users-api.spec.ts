import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/users-api.js';

afterAll(() => auth.close());

it('the example of the users API manages users', async () => {
  const server = request(app);
  await server
    .post('/kapacitor/v1/users')
    .auth('root', 'root-pw')
    .send({ name: 'eve', password: 'eve-pw', permissions: ['api'] })
    .expect(200);
  const { body } = await server.get('/kapacitor/v1/users/eve').auth('eve', 'eve-pw').expect(200);
  expect(body).toMatchObject({ name: 'eve', type: 'normal', permissions: ['api'] });
  await server.delete('/kapacitor/v1/users/eve').auth('bob', 'bob-pw').expect(403);
});
