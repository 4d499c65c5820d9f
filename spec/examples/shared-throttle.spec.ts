import './surroundings.js';
import { chdir, cwd } from 'node:process';
import Database from 'libsql';
import request from 'supertest';
import { temporaryFolder } from '../support/temporary-folder.js';

const folder = temporaryFolder();
const before = cwd();

afterAll(() => {
  chdir(before);
});

it('the example of shared counts refuses what failed too often in another process', async () => {
  // Its database is where the app is started.
  chdir(folder);
  const { app, auth } = jest.requireActual<
    typeof import('../../fixtures/examples/shared-throttle.js')
  >('../../fixtures/examples/shared-throttle');
  const login = (name: string, password: string) => request(app).get('/').auth(name, password);
  const other = new Database('failed-logins.db');
  const failures = () => other.prepare('SELECT points FROM kapacitor_auth_user').all();

  for (let guess = 0; guess < 9; guess += 1) {
    await login('amy', `guess ${String(guess)}`).expect(401);
  }
  expect(failures()).toEqual([{ points: 9 }]);
  other.exec('UPDATE kapacitor_auth_user SET points = points + 1');
  await login('amy', 'amy-pw').expect(429);
  await login('root', 'root-pw').expect(404);
  other.exec('UPDATE kapacitor_auth_user SET expire = 1');
  await login('amy', 'amy-pw').expect(404);
  expect(failures()).toEqual([]);
  other.close();
  await auth.close();
});
