import './surroundings.js';
import request from 'supertest';
import { describePostgres } from '../support/postgres.js';
import { until } from '../support/until.js';

describePostgres('the example of users in PostgreSQL', (server) => {
  it('knows a user whom another instance adds, and refuses the one it deletes', async () => {
    process.env.DATABASE_URL = await server().newDatabase();
    const { app, auth } = jest.requireActual<
      typeof import('../../fixtures/examples/users-in-postgres.js')
    >('../../fixtures/examples/users-in-postgres');
    const { PostgresUserStore } =
      jest.requireActual<typeof import('../../lib/index.js')>('../../lib/index');
    await auth.users?.create({ name: 'root', password: 'root-pw', type: 'admin' });
    const other = new PostgresUserStore({ url: process.env.DATABASE_URL });
    const ask = () => request(app).get('/').auth('amy', 'amy-pw');

    await request(app)
      .post('/kapacitor/v1/users')
      .auth('root', 'root-pw')
      .send({ name: 'amy', password: 'amy-pw', type: 'normal' })
      .expect(200);
    await ask().expect(404);
    await other.delete('amy');
    await until('the user is gone here, too', async () => (await ask()).status !== 404);
    await ask().expect(401);
    await other.close();
    await auth.close();
  });
});
