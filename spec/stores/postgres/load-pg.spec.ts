import { PostgresUserStore } from '../../../lib/index.js';

jest.mock('pg', () => {
  throw Object.assign(new Error("Cannot find module 'pg'"), { code: 'MODULE_NOT_FOUND' });
});

it('says what to install if pg is missing, once the store is opened', async () => {
  const store = new PostgresUserStore({ url: 'postgres://amy:s3cret@db.example/users' });
  await expect(Promise.resolve(store.open())).rejects.toMatchObject({
    code: 'ERR_KAUTH_STORE_UNAVAILABLE',
    message: expect.stringMatching(/needs the package pg: npm install pg$/) as unknown,
  });
  await store.close();
});
