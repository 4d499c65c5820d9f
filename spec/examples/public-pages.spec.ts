import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/public-pages.js';

afterAll(() => auth.close());

describe('the example of public pages', () => {
  it.each([
    ['visitors', '/', undefined, 200, 'Hello, visitor'],
    ['users', '/', 'amy:amy-pw', 200, 'Hello, amy'],
    ['who has a wrong password', '/', 'amy:wrong', 401, undefined],
    ['visitors where a permission is needed', '/reports', undefined, 401, undefined],
    ['users where they have it', '/reports', 'amy:amy-pw', 200, 'reports'],
  ])('answers %s', async (_who, path, login, status, text) => {
    const asked = request(app).get(path);
    const answer = await (login === undefined ? asked : asked.auth(...credentials(login)));
    expect(answer.status).toBe(status);
    if (text !== undefined) expect(answer.text).toBe(text);
  });

  it('challenges people, and not their scripts', async () => {
    const people = await request(app).get('/reports').expect(401);
    expect(people.headers).toHaveProperty('www-authenticate');
    const script = { 'X-Requested-With': 'XMLHttpRequest' };
    for (const asked of [request(app).get('/reports'), request(app).get('/').auth('amy', 'x')]) {
      const { headers } = await asked.set(script).expect(401);
      expect(headers).not.toHaveProperty('www-authenticate');
    }
  });
});

function credentials(login: string): [name: string, password: string] {
  const [name = '', password = ''] = login.split(':');
  return [name, password];
}
