import './surroundings.js';
import request from 'supertest';
import { app, auth } from '../../fixtures/examples/passport-strategies.js';
import { auth as tokenAuth, tokenOf } from '../../fixtures/examples/tokens.js';

afterAll(() => Promise.all([auth.close(), tokenAuth.close()]));

describe('the example of two strategies', () => {
  it('takes either kind of credentials', async () => {
    const server = request(app);
    await server.get('/').auth('amy', 'amy-pw').expect(200, 'Hello, amy');
    await server
      .get('/')
      .set('Cookie', `theme=dark; token=${tokenOf('bob')}`)
      .expect(200, 'Hello, bob');
  });

  it.each([
    ['none', ''],
    ['a token that is none', 'token=x'],
    ['a token of nobody', `token=${tokenOf('nobody')}`],
  ])('refuses a request with %s', async (_what, cookie) => {
    await request(app).get('/').set('Cookie', cookie).expect(401);
  });

  it('answers 503 once it is closed', async () => {
    await auth.close();
    await request(app)
      .get('/')
      .set('Cookie', `token=${tokenOf('root')}`)
      .expect(503);
  });
});
