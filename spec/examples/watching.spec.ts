import './surroundings.js';
import request from 'supertest';
import { app, auth, changes, failures } from '../../fixtures/examples/watching.js';

afterAll(() => auth.close());

describe('the example of watching', () => {
  it('counts failed logins by address', async () => {
    for (const password of ['a', 'b']) await request(app).get('/').auth('amy', password);
    await request(app).get('/').expect(401);
    expect([...failures]).toEqual([[expect.stringContaining('127.0.0.1'), 2]]);
  });

  it('notes who changed users', async () => {
    const patched = request(app).patch('/kapacitor/v1/users/team-joe').auth('root', 'root-pw');
    await patched.send({ permissions: ['api'] }).expect(200);
    await auth.users?.update('team-joe', { password: 'another' });
    expect(changes).toEqual([
      'root updated team-joe: permissions',
      'the app updated team-joe: password',
    ]);
  });

  it('shows its metrics to administrators', async () => {
    await request(app).get('/metrics').auth('amy', 'amy-pw').expect(403);
    const { text } = await request(app).get('/metrics').auth('root', 'root-pw').expect(200);
    expect(text).toMatch(/^kapacitor_auth_requests_total{outcome="forbidden",.*FORBIDDEN"} 1$/m);
  });
});
